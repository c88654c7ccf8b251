import { z } from 'zod'
import { callback } from './callback-definition.ts'
import { dependency, type Values } from './dependency-definition.ts'
import type { Dependency } from './dependency-set.ts'
import type { Route } from './route.ts'

// This file only has to compile: nothing in it runs.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void
type ValueOf<D> = D extends Dependency<infer V> ? V : never

// A value, a promise, a generator that yields and cleans up
const plain = dependency({}, () => 7)
const literal = dependency({}, () => ({ kind: 'a' as const }))
const promised = dependency({}, async () => ({ name: 'Richie' }))
const yielded = dependency({ scope: 'app' }, async function* () {
  yield { find: (id: string) => id }
})
const cleaned = dependency({ scope: 'handler' }, async function* ({ log }) {
  try {
    yield new Map<string, number>()
  } finally {
    log.info('cleaned')
  }
})
same<ValueOf<typeof plain>, number>(true)
same<ValueOf<typeof literal>, { kind: 'a' }>(true)
same<ValueOf<typeof promised>, { name: string }>(true)
same<ValueOf<typeof cleaned>, Map<string, number>>(true)
same<
  Values<{ plain: typeof plain; promised: typeof promised }>,
  { readonly plain: number; readonly promised: { name: string } }
>(true)

// What it declares and what it depends on
const user = dependency(
  {
    params: z.object({ tenant: z.string() }),
    query: z.object({ page: z.number().default(1) }),
    headers: z.object({ authorization: z.string() }),
    cookies: z.object({ session: z.string().optional() }),
    dependencies: { yielded, plain },
  },
  ({ params, query, headers, cookies, yielded, plain, request, signal, background }) => {
    same<typeof params, { tenant: string }>(true)
    same<typeof query, { page: number }>(true)
    same<typeof headers.authorization, string>(true)
    same<typeof cookies.session, string | undefined>(true)
    same<typeof plain, number>(true)
    same<typeof request, Request>(true)
    same<typeof signal, AbortSignal>(true)
    background(() => {})
    return { id: yielded.find(headers.authorization), tenant: params.tenant }
  },
)

// In the handler: under its own name, beside those of the router
declare const post: Route<'/tenants/{tenant}', {}, { user: typeof user }>
post('/{id}', { dependencies: { promised } }, async ({ promised, user, params }) => {
  same<typeof promised, { name: string }>(true)
  same<typeof user, { id: string; tenant: string }>(true)
  same<typeof params.tenant, string>(true)
  same<typeof params.id, string>(true)
})
// The same object twice under the same name is not a conflict
post('/same', { dependencies: { user } }, async ({ user }) => same<typeof user.id, string>(true))

// Expressions read the input side of what the router's dependencies declare
post(
  '/expressions',
  {
    callbacks: {
      maybe: callback.post('https://www.external.org/{$page}', {}),
      always: callback.post('https://www.external.org/{$authorization}/{$tenant}', {}),
    },
  },
  async ({ callbacks }) => {
    same<undefined extends typeof callbacks.maybe ? true : false, true>(true)
    same<undefined extends typeof callbacks.always ? true : false, false>(true)
  },
)

// A helper that is generic over the value
function named<V>(value: V) {
  return dependency({}, () => ({ value }))
}
const helped = named('a')
same<ValueOf<typeof helped>, { value: string }>(true)
