import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { z } from 'zod'
import type { Input, Output, Schema } from '../schema/schema.ts'
import { callback } from './callback-definition.ts'
import type { Context, Responded } from './context.ts'
import { type Handler, operation } from './operation.ts'
import type { Route } from './route.ts'

// This file only has to compile: nothing in it runs.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void
/** Whether a type is `any`. Inside of an object, `Same` alone would take it for any type. */
type IsAny<T> = 0 extends 1 & T ? true : false
declare const post: Route<'', {}, {}>

const Invoice = z.object({ id: z.string(), title: z.string().optional(), customer: z.string(), total: z.number() })
const Problem = z.object({ detail: z.string() })
const Page = z.object({ limit: z.number().int().default(20), tags: z.array(z.string()) })

// Every part of the request: its output side, exactly
post(
  '/parts/{id}/{rest*}',
  {
    query: Page,
    headers: z.object({ 'x-tenant': z.string() }),
    cookies: z.object({ session: z.string().optional() }),
    body: Invoice,
    response: Invoice,
  },
  async ({ params, query, headers, cookies, body, request, signal, respond, background, log }) => {
    same<typeof params.id, string>(true)
    same<typeof params.rest, string>(true)
    same<keyof typeof params, 'id' | 'rest'>(true)
    same<typeof query, { limit: number; tags: string[] }>(true)
    same<(typeof headers)['x-tenant'], string>(true)
    same<typeof cookies.session, string | undefined>(true)
    same<typeof body, { id: string; title?: string | undefined; customer: string; total: number }>(true)
    same<typeof request, Request>(true)
    same<typeof signal, AbortSignal>(true)
    same<IsAny<typeof params | typeof query | typeof body>, false>(true)
    background(() => log.info('done'))
    return respond(200, body)
  },
)

// Declared params replace the template's text
post('/params/{id}', { params: z.object({ id: z.number().int() }) }, async ({ params }) => {
  same<typeof params, { id: number }>(true)
})

// Nothing is declared: the handler returns nothing, asynchronous or not
post('/nothing', {}, async () => {})
post('/nothing', {}, () => {})
post('/nothing', {}, async ({ respond }) => respond(204))
post('/response', {}, async () => new Response('as it is'))

// Literals, tuples and arrays in what a handler returns keep their types, whatever its form
const Exact = z.object({
  status: z.enum(['paid', 'open']),
  kind: z.literal('invoice'),
  pair: z.tuple([z.string(), z.number()]),
  list: z.array(z.enum(['a', 'b'])),
})
post('/exact', { response: Exact }, async () => ({ status: 'paid', kind: 'invoice', pair: ['a', 1], list: ['a', 'b'] }))
post('/exact', { response: Exact }, () => ({ status: 'open', kind: 'invoice', pair: ['a', 1], list: [] }))
post('/exact', { query: Page, response: Exact }, async function readExact({ query }) {
  if (query.limit === 0) return { status: 'open', kind: 'invoice', pair: ['a', 1], list: [] }
  return { status: 'paid', kind: 'invoice', pair: [String(query.limit), 1], list: ['b'] }
})

// A handler returns the input side of `response`
post('/input', { response: z.object({ limit: z.number().default(20) }) }, async () => ({}))

// `respond` knows the statuses and the body of each
post(
  '/respond',
  { response: Invoice, status: 201, responses: { 404: { body: Problem }, 409: { description: 'Conflict' } } },
  async ({ body: _, respond, request }) => {
    same<Parameters<typeof respond>[0], 201 | 404 | 409>(true)
    same<ReturnType<typeof respond>, Responded>(true)
    if (request.url === '1') return respond(404, { detail: 'None' })
    if (request.url === '2') return respond(409)
    if (request.url === '3')
      return respond(409, undefined, { headers: { 'retry-after': '1' }, cookies: { seen: 'yes' } })
    if (request.url === '4') return new Response(null, { status: 304 })
    if (request.url === '5')
      return respond(201, { id: '1', customer: 'Richie', total: 1 }, { headers: { location: '/1' } })
    return { id: '1', customer: 'Richie', total: 1 }
  },
)
// A further response with status 200 beside the main one with 204
post('/both', { responses: { 200: { body: Problem } } }, async ({ respond }) => respond(200, { detail: '' }))

// Operation and handler declared separately
const createInvoice = operation('/apart/{id}', {
  body: Invoice,
  response: z.object({ msg: z.literal('ok') }),
  status: 201,
  responses: { 404: { body: Problem } },
  callbacks: { created: callback.post('{$request.body.title}', { body: Invoice }) },
})
same<typeof createInvoice.path, '/apart/{id}'>(true)
const handler: Handler<typeof createInvoice> = async ({ params, body, callbacks, respond }) => {
  same<typeof params.id, string>(true)
  same<typeof body.total, number>(true)
  same<undefined extends typeof callbacks.created ? true : false, true>(true)
  same<Parameters<typeof respond>[0], 201 | 404>(true)
  await callbacks.created?.send(body)
  return { msg: 'ok' }
}
post(createInvoice, handler)
post(createInvoice, async ({ body }) => {
  same<typeof body.customer, string>(true)
  return { msg: 'ok' }
})
post(createInvoice, async () => ({ msg: 'ok' }))
const declared = async function declared({ body }: Parameters<Handler<typeof createInvoice>>[0]) {
  return { msg: 'ok', total: body.total } as const
}
post(createInvoice, declared)
const satisfied = (async ({ body }) => {
  console.log(body.total)
  return { msg: 'ok' }
}) satisfies Handler<typeof createInvoice>
post(createInvoice, satisfied)

// Helpers that are generic over a schema
function crud<B extends Schema, R extends Schema>(body: B, response: R, create: (body: Output<B>) => Input<R>) {
  post('/crud', { body, response }, async ({ body }) => create(body))
  post('/crud', { body, response, status: 201 }, async ({ body, respond }) => respond(201, create(body)))
  return operation('/crud/{id}', { body })
}
const crudInvoice = crud(Invoice, Problem, ({ customer }) => ({ detail: customer }))
const crudHandler: Handler<typeof crudInvoice> = async ({ body, params }) => {
  same<typeof body.total, number>(true)
  same<typeof params.id, string>(true)
}
post(crudInvoice, crudHandler)

// Parts that are not always given
declare const documented: boolean
const base = { tags: ['invoices'], responses: { 404: { body: Problem } } } as const
post('/spread', { ...base, ...(documented && { summary: 'Spread' }), body: Invoice }, async ({ body, respond }) => {
  same<typeof body.total, number>(true)
  if (body.total > 0) return respond(404, { detail: '' })
  return undefined
})

// Schemas of other libraries
post(
  '/arktype',
  {
    query: type({ 'callback_url?': 'string.url', url: 'string.url' }),
    body: type({ id: 'string', total: 'number' }),
    response: type({ status: "'paid' | 'open'" }),
    callbacks: {
      always: callback.post('{$url}/{$request.body.id}', { body: type({ paid: 'boolean' }) }),
      maybe: callback.post('{$callback_url}', { body: type({ paid: 'boolean' }) }),
    },
  },
  async ({ query, body, callbacks }) => {
    same<typeof query.callback_url, string | undefined>(true)
    same<typeof body, { id: string; total: number }>(true)
    await callbacks.always.send({ paid: true })
    await callbacks.maybe?.send({ paid: true })
    return { status: 'paid' }
  },
)
post(
  '/valibot',
  {
    query: toStandardJsonSchema(v.object({ callback_url: v.optional(v.string()), url: v.string() })),
    body: toStandardJsonSchema(v.object({ id: v.string(), total: v.number() })),
    response: toStandardJsonSchema(v.object({ status: v.picklist(['paid', 'open']) })),
    callbacks: {
      always: callback.post('{$url}/{$request.body.id}', {
        body: toStandardJsonSchema(v.object({ paid: v.boolean() })),
      }),
      maybe: callback.post('{$callback_url}', {}),
    },
  },
  async ({ query, body, callbacks }) => {
    same<typeof query.callback_url, string | undefined>(true)
    same<typeof body, { id: string; total: number }>(true)
    await callbacks.always.send({ paid: true })
    await callbacks.maybe?.send()
    return { status: 'paid' }
  },
)

// An undeclared part has a type that says so, not `any`
post('/undeclared', {}, async ({ query, body }) => {
  same<(typeof query)['~undeclared'], 'query'>(true)
  same<(typeof body)['~undeclared'], 'body'>(true)
})
same<IsAny<Context<Schema, Schema, Schema, Schema, Schema, Schema, number, {}, {}, never>['body']>, false>(true)
