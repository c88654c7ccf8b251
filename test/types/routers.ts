// What a router (or the app) declares for its operations.
import { callback, dependency, operation, Ringback, Router } from 'ringback'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const query = z.object({ callback_url: z.url() })
const alert = callback.post('{$callback_url}', {})
const user = dependency({}, () => ({ name: 'Richie' }))

const router = new Router({ prefix: '/tenants/{tenant}', dependencies: { user }, callbacks: { alert } })

// error: "the router's callbacks do not fit this operation": "no path, query or header parameter \"callback_url\"; declared: \"tenant\""
router.post('/nothing', {}, async () => {})

// error: "the router's callbacks do not fit this operation": "no path, query or header parameter \"callback_url\"; declared: \"callbak_url\", \"tenant\""
router.post('/misspelt', { query: z.object({ callbak_url: z.url() }) }, async () => {})

router.post('/same-callback', { query, callbacks: { alert } }, async () => {})

router.post('/other-callback', {
  query,
  callbacks: {
    // error: the callback \"alert\" is already declared by the router; give this one another name
    alert: callback.post('{$callback_url}/other', {}),
  },
}, async () => {})

router.post('/other-dependency', {
  query,
  dependencies: {
    // error: the dependency \"user\" is already declared by the router; give this one another name
    user: dependency({}, () => 7),
  },
}, async () => {})

router.post('/values', { query }, async ({ user, params, callbacks }) => {
  // error: Property 'nam' does not exist on type '{ name: string; }'. Did you mean 'name'?
  user.nam
  // error: Property 'tennant' does not exist on type 'TemplateParams<"/tenants/{tenant}/values">'. Did you mean 'tenant'?
  params.tennant
  // error: Property 'alrt' does not exist on type 'BoundCallbacks
  callbacks.alrt
})

// error: no \"{tennant}\" in the path \"/tenants/{tenant}/{id}\"
router.post('/{id}', { query, params: z.object({ id: z.string(), tennant: z.string() }) }, async () => {})

const badlyNamed = new Router({ callbacks: { note: callback.post('{callback_url}', {}) } })
// error: "the router's callbacks do not fit this operation": "\"{callback_url}\" is not a runtime expression: it must begin with \"$\", or be declared in \"params\" if only the sender knows its value"
badlyNamed.post('/', { query }, async () => {})

// error: Did you mean to write 'prefix'?
new Router({ prefx: '/v1' })
// error: Type 'string' is not assignable to type 'AnyCallback'.
new Router({ callbacks: { alert: '{$callback_url}' } })

const apart = operation('/apart', {})
// error: "the router's callbacks do not fit this operation": "no path, query or header parameter \"callback_url\"; declared: \"tenant\""
router.post(apart, async () => {})

// error: 'prefix' does not exist in type 'AnyRouter'.
app.include({ prefix: '/v1' })
// error: Did you mean to write 'prefix'?
app.include(router, { prefx: '/v1' })
// error: Type '() => number' is not assignable to type 'Dependency<unknown, Needs>'.
app.include(router, { dependencies: { user: () => 1 } })
// error: Argument of type 'string' is not assignable to parameter of type 'AnyRouter'.
app.include('/v1', router)

const alarmed = new Ringback({ title: '', version: '', callbacks: { alert } })
// error: "the router's callbacks do not fit this operation": "no path, query or header parameter \"callback_url\"; declared: none"
alarmed.get('/', {}, async () => {})
