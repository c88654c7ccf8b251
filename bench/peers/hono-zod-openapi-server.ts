import { serve } from '@hono/node-server'
import { createRoute, OpenAPIHono, type z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { eventItems } from '../http/events.ts'
import { announce } from '../process/parent.ts'
import {
  GetParams,
  GetQuery,
  Invoice,
  InvoiceWithItems,
  PostQuery,
  Received,
  Shown,
  Upload,
  Uploaded,
} from './http-schemas.ts'

const app = new OpenAPIHono({
  defaultHook(result, context) {
    if (result.success) return undefined
    const where = result.target === 'json' ? 'body' : result.target
    const detail = result.error.issues.map(({ path, message, code }) => ({
      loc: [where, ...path],
      msg: message,
      type: code,
    }))
    return context.json({ detail }, 422)
  },
})

function json<Schema extends z.ZodType>(schema: Schema) {
  return { content: { 'application/json': { schema } }, description: 'JSON', required: true }
}

// `@hono/zod-openapi` does not validate responses as the others do, so it is done by hand here.
const received = () => Received.parse({ msg: 'Invoice received' })
const posted = { method: 'post', responses: { 200: json(Received) } } as const

app.openapi(
  createRoute({ ...posted, path: '/invoices/', request: { query: PostQuery, body: json(Invoice) } }),
  context => {
    context.req.valid('query')
    context.req.valid('json')
    return context.json(received(), 200)
  },
)
app.openapi(
  createRoute({ ...posted, path: '/bulk', request: { query: PostQuery, body: json(InvoiceWithItems) } }),
  context => {
    context.req.valid('json')
    return context.json(received(), 200)
  },
)
app.openapi(
  createRoute({
    method: 'get',
    path: '/invoices/{id}',
    request: { params: GetParams, query: GetQuery },
    responses: { 200: json(Shown) },
  }),
  context => {
    const { id } = context.req.valid('param')
    const { limit } = context.req.valid('query')
    return context.json(Shown.parse({ id, limit, msg: 'ok' }), 200)
  },
)
app.openapi(
  createRoute({
    method: 'post',
    path: '/files',
    request: { body: { content: { 'multipart/form-data': { schema: Upload } }, required: true } },
    responses: { 200: json(Uploaded) },
  }),
  context => {
    const { title, file } = context.req.valid('form')
    return context.json(Uploaded.parse({ title, size: file.size }), 200)
  },
)
app.get('/events', context =>
  streamSSE(context, async stream => {
    for await (const item of eventItems()) await stream.writeSSE({ data: JSON.stringify(Shown.parse(item)) })
  }),
)
app.notFound(context => context.json({ detail: 'Not Found' }, 404))

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => announce({ port }))
