import { z } from 'zod'
import type { Bound, BoundCallback, CallbackData, LateCallback } from './bound-callback.ts'
import { callback, type NoCallbackHeaders, type NoCallbackQuery } from './callback-definition.ts'
import { dependency } from './dependency-definition.ts'
import type { Route } from './route.ts'

// This file only has to compile: nothing in it runs.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void
type IsOptional<T> = undefined extends T ? true : false
declare const post: Route<'', {}, {}>

const Event = z.object({ description: z.string(), paid: z.boolean() })
const Received = z.object({ ok: z.boolean() })
const event = { description: 'Paid', paid: true }

// A definition keeps its URL as a literal and its parts as they were given
const standing = callback.post('{$callback_url}/invoices/{$request.body.id}', { body: Event, response: Received })
same<typeof standing.url, '{$callback_url}/invoices/{$request.body.id}'>(true)
same<NonNullable<(typeof standing)['~parts']>['body'], typeof Event>(true)
same<NonNullable<(typeof standing)['~parts']>['status'], 200>(true)
const bare = callback.get('https://www.external.org/', {})
same<NonNullable<(typeof bare)['~parts']>['status'], number>(true)

// Bound: `undefined` exactly where a value that the URL needs may be absent
post(
  '/presence/{id}',
  {
    query: z.object({
      url: z.url(),
      maybe: z.url().optional(),
      nullable: z.url().nullable(),
      default: z.url().default('https://www.external.org/'),
      page: z.number(),
      open: z.boolean(),
      kind: z.enum(['a', 'b']),
    }),
    headers: z.object({ 'x-callback': z.url(), 'x-maybe': z.url().optional() }),
    body: z.object({
      id: z.string(),
      a: z.object({ b: z.string(), 'c/d': z.string(), e: z.string().optional() }),
      inside: z.object({ url: z.url() }).optional(),
      list: z.array(z.object({ url: z.url() })),
      pair: z.tuple([z.url(), z.url()]),
      either: z.union([z.object({ kind: z.literal('a'), a: z.url() }), z.object({ kind: z.literal('b') })]),
      record: z.record(z.string(), z.string()),
    }),
    callbacks: {
      required: callback.post('{$request.query.url}', {}),
      shorthand: callback.post('{$url}', {}),
      method: callback.post('{$request.query.url}/{$method}', {}),
      bare: callback.post('$request.query.url', {}),
      number: callback.post('{$request.query.url}/{$page}/{$open}/{$kind}', {}),
      path: callback.post('https://www.external.org/{$request.path.id}', {}),
      literal: callback.post('https://www.external.org/', {}),
      header: callback.post('{$request.header.X-Callback}', {}),
      deep: callback.post('{$request.query.url}/{$request.body#/a/b}', {}),
      dotted: callback.post('{$request.query.url}/{$request.body.a.b}', {}),
      escaped: callback.post('{$request.query.url}/{$request.body#/a/c~1d}', {}),
      tuple: callback.post('{$request.body#/pair/1}', {}),
      tag: callback.post('{$request.query.url}/{$request.body#/either/kind}', {}),
      maybe: callback.post('{$maybe}', {}),
      nullable: callback.post('{$nullable}', {}),
      default: callback.post('{$default}', {}),
      maybeHeader: callback.post('{$request.header.x-maybe}', {}),
      maybeDeep: callback.post('{$url}/{$request.body#/a/e}', {}),
      maybeInside: callback.post('{$request.body#/inside/url}', {}),
      maybeItem: callback.post('{$request.body#/list/0/url}', {}),
      maybeBranch: callback.post('{$request.body#/either/a}', {}),
      maybeRecord: callback.post('{$request.body#/record/url}', {}),
      oneMaybe: callback.post('{$url}/{$maybe}', {}),
    },
  },
  async ({ callbacks }) => {
    type Callbacks = typeof callbacks
    type Optional = { [K in keyof Callbacks]: IsOptional<Callbacks[K]> extends true ? K : never }[keyof Callbacks]
    same<
      Optional,
      | 'maybe'
      | 'nullable'
      | 'default'
      | 'maybeHeader'
      | 'maybeDeep'
      | 'maybeInside'
      | 'maybeItem'
      | 'maybeBranch'
      | 'maybeRecord'
      | 'oneMaybe'
    >(true)
    same<typeof callbacks.required, Bound<ReturnType<typeof required>>>(true)
    same<NonNullable<typeof callbacks.maybe>, Bound<ReturnType<typeof maybe>>>(true)
  },
)
const required = () => callback.post('{$request.query.url}', {})
const maybe = () => callback.post('{$maybe}', {})

// `send`, `call`, `url`, `toJSON`
post(
  '/bound',
  {
    query: z.object({ url: z.url() }),
    callbacks: {
      note: callback.post('{$url}', {
        body: Event,
        response: Received,
        responses: { 202: { body: z.object({ later: z.string() }) }, 410: { description: 'Gone' } },
      }),
      acknowledged: callback.post('{$url}', { body: Event }),
      created: callback.put('{$url}', { response: Received, status: 201 }),
      empty: callback.delete('{$url}', {}),
      defaulted: callback.post('{$url}', { body: z.object({ kind: z.string().default('paid') }) }),
    },
  },
  async ({ callbacks }) => {
    const sent = await callbacks.note.send(event, { idempotencyKey: 'a', recipient: 'b', delayMs: 5, orderingKey: 'c' })
    same<typeof sent, { readonly id: string; readonly url: string }>(true)
    same<typeof callbacks.note.url, string>(true)
    same<ReturnType<typeof callbacks.note.toJSON>, CallbackData>(true)

    const response = await callbacks.note.call(event)
    same<typeof response.status, 200 | 202 | 410>(true)
    same<typeof response.headers, Headers>(true)
    if (response.status === 200) same<typeof response.body, { ok: boolean }>(true)
    else if (response.status === 202) same<typeof response.body, { later: string }>(true)
    else same<typeof response.body, undefined>(true)

    const acknowledged = await callbacks.acknowledged.call(event)
    same<typeof acknowledged.status, number>(true)
    same<typeof acknowledged.body, undefined>(true)
    const created = await callbacks.created.call()
    same<typeof created.status, 201>(true)
    same<typeof created.body, { ok: boolean }>(true)

    await callbacks.empty.send()
    await callbacks.empty.send(undefined, { at: new Date() })
    await callbacks.note.send(event, { headers: { 'x-any': 'a' }, query: { any: 'b' } })
    await callbacks.defaulted.send({})
  },
)

// Options of `send` are required exactly where a declared part has a required member
post(
  '/options',
  {
    query: z.object({ url: z.url() }),
    callbacks: {
      required: callback.post('{$url}', { body: Event, headers: z.object({ 'x-tenant': z.string() }) }),
      optional: callback.post('{$url}', {
        body: Event,
        headers: z.object({ 'x-tenant': z.string().optional() }),
        query: z.object({ page: z.number().default(1) }),
      }),
      noBody: callback.post('{$url}', { query: z.object({ page: z.number() }) }),
    },
  },
  async ({ callbacks }) => {
    same<Parameters<typeof callbacks.required.send>['length'], 2>(true)
    same<Parameters<typeof callbacks.optional.send>['length'], 1 | 2>(true)
    same<Parameters<typeof callbacks.noBody.call>['length'], 2>(true)
    await callbacks.required.send(event, { headers: { 'x-tenant': 'a' } })
    await callbacks.optional.send(event)
    await callbacks.optional.send(event, { headers: {} })
    await callbacks.optional.send(event, { query: { page: 2 }, recipient: 'a' })
    await callbacks.noBody.call(undefined, { query: { page: 2 } })
  },
)

// A URL that reads the response: only `send`, and never undefined because of the response
post(
  '/late',
  {
    query: z.object({ url: z.url(), maybe: z.url().optional() }),
    response: z.object({ id: z.string(), made: z.string().default('now') }),
    responseHeaders: z.object({ location: z.url() }),
    callbacks: {
      body: callback.post('{$url}/{$response.body#/id}', { body: Event }),
      defaulted: callback.post('{$url}/{$response.body#/made}', { body: Event }),
      header: callback.post('{$response.header.Location}', { body: Event }),
      status: callback.post('{$url}/{$statusCode}', { body: Event }),
      maybe: callback.post('{$maybe}/{$response.body.id}', { body: Event }),
    },
  },
  async ({ callbacks, respond }) => {
    type Late = LateCallback<typeof Event, NoCallbackHeaders, NoCallbackQuery>
    same<typeof callbacks.body, Late>(true)
    same<typeof callbacks.defaulted, Late>(true)
    same<typeof callbacks.header, Late>(true)
    same<typeof callbacks.status, Late>(true)
    same<typeof callbacks.maybe, Late | undefined>(true)
    same<keyof typeof callbacks.body, 'send'>(true)
    const sent = await callbacks.body.send(event)
    same<typeof sent, { readonly id: string }>(true)
    return respond(200, { id: '1' }, { headers: { location: 'https://a.org' } })
  },
)

// `onResponse` sees what `call` gives
callback.post('{$url}', {
  response: Received,
  responses: { 410: { description: 'Gone' } },
  onResponse: async (response, delivery) => {
    same<typeof delivery.id, string>(true)
    same<typeof response.status, 200 | 410>(true)
    same<typeof response.bodyTruncated, boolean>(true)
    if (response.status === 200) same<typeof response.body, { ok: boolean }>(true)
  },
})

// Callbacks of a callback read what its receiver gets: the output side of its body
callback.post('{$url}', {
  body: z.object({ reply_to: z.url().default('https://www.external.org/') }),
  response: Received,
  callbacks: { confirmation: callback.post('{$request.body.reply_to}/{$response.body.ok}', {}) },
})

// A definition is checked again wherever it is attached
post(
  '/required',
  { query: z.object({ callback_url: z.url() }), body: z.object({ id: z.string() }), callbacks: { standing } },
  async ({ callbacks }) => same<IsOptional<typeof callbacks.standing>, false>(true),
)
post(
  '/optional',
  {
    query: z.object({ callback_url: z.url().optional() }),
    body: z.object({ id: z.number() }),
    callbacks: { standing },
  },
  async ({ callbacks }) => same<IsOptional<typeof callbacks.standing>, true>(true),
)

// Expressions read what dependencies declare, and what those depend on declares
const hook = dependency({ query: z.object({ callback_url: z.url() }) }, ({ query }) => query.callback_url)
const over = dependency(
  { headers: z.object({ authorization: z.string().optional() }), dependencies: { hook } },
  () => 1,
)
post(
  '/contributed',
  {
    dependencies: { over },
    body: z.object({ id: z.string() }),
    callbacks: { standing, auth: callback.post('https://www.external.org/{$authorization}', {}) },
  },
  async ({ callbacks, over }) => {
    same<typeof over, number>(true)
    same<IsOptional<typeof callbacks.standing>, false>(true)
    same<IsOptional<typeof callbacks.auth>, true>(true)
  },
)

// A restored callback is never undefined
declare const restored: Bound<typeof standing>
same<
  typeof restored extends BoundCallback<typeof Event, typeof Received, 200, {}, NoCallbackHeaders, NoCallbackQuery>
    ? true
    : false,
  true
>(true)
void restored.send(event)
