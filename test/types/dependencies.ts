// Dependencies: their names, their values, what they read, their stand-ins.
import { callback, dependency, Ringback, Router } from 'ringback'
import { httpBearer } from 'ringback/security'
import { z } from 'zod'

const app = new Ringback({ title: 'Wrong', version: '1.0.0' })
const database = dependency({ scope: 'app' }, async function* () {
  yield { find: (id: string) => ({ id, name: 'Richie' }) }
})

app.get('/reserved', {
  dependencies: {
    // error: the handler already has \"body\"; give this dependency another name
    body: database,
    // error: the handler already has \"callbacks\"; give this dependency another name
    callbacks: database,
    // error: the handler already has \"log\"; give this dependency another name
    log: database,
  },
}, async () => {})

dependency({
  dependencies: {
    // error: the handler already has \"request\"; give this dependency another name
    request: database,
  },
}, () => 1)

new Router({
  dependencies: {
    // error: the handler already has \"respond\"; give this dependency another name
    respond: database,
  },
})

new Ringback({
  title: '',
  version: '',
  dependencies: {
    // error: the handler already has \"app\"; give this dependency another name
    app: database,
  },
})

app.get('/not-a-dependency', {
  dependencies: {
    // error: Type '() => Promise<number>' is not assignable to type 'Dependency<unknown, Needs>'.
    fn: async () => 1,
    // error: 'find' does not exist in type 'Dependency<unknown, Needs>'.
    value: { find: () => 1 },
  },
}, async () => {})

app.get('/value', { dependencies: { database, token: httpBearer() } }, async ({ database, token }) => {
  // error: Argument of type 'number' is not assignable to parameter of type 'string'.
  database.find(1)
  // error: Property 'fnd' does not exist on type '{ find: (id: string) => { id: string; name: string; }; }'. Did you mean 'find'?
  database.fnd('1')
  // error: Property 'nam' does not exist on type '{ id: string; name: string; }'. Did you mean 'name'?
  database.find('1').nam
  // error: Property 'username' does not exist on type 'string'.
  token.username
})

// error: Property 'databse' does not exist on type 'Context
app.get('/undeclared', { dependencies: { database } }, async ({ databse }) => {})

// error: Argument of type 'number' is not assignable to parameter of type 'string'.
dependency({ dependencies: { database } }, ({ database }) => database.find(7))
// error: Property 'pgae' does not exist on type '{ page: number; }'.
dependency({ query: z.object({ page: z.number() }) }, ({ query }) => query.pgae)
// error: Property 'page' does not exist on type 'Undeclared<"query">'.
dependency({}, ({ query }) => query.page)
// error: Property 'body' does not exist on type 'DependencyContext
dependency({}, ({ body }) => body)
// error: Did you mean to write 'query'?
dependency({ querry: z.object({ page: z.number() }) }, () => 1)
// error: Type '"request"' is not assignable to type 'DependencyScope'.
dependency({ scope: 'request' }, () => 1)
// error: Expected 2 arguments, but got 1.
dependency({})

const hook = dependency({ query: z.object({ hook_url: z.url().optional() }) }, ({ query }) => query.hook_url)
app.post('/contributed', {
  dependencies: { hook },
  callbacks: {
    // error: no query parameter \"hok_url\"; declared: \"hook_url\"
    wrong: callback.post('{$request.query.hok_url}', {}),
    right: callback.post('{$hook_url}', {}),
  },
}, async ({ callbacks }) => {
  // error: 'callbacks.right' is possibly 'undefined'.
  await callbacks.right.send()
})

// error: Type 'string' is not assignable to type '{ id: string; name: string; }'.
app.override(database, () => ({ find: (id: string) => id }))
// error: Type 'number' is not assignable to type '{ find: (id: string) => { id: string; name: string; }; }'.
app.override(database, async () => 7)
// error: Argument of type '() => Promise<number>' is not assignable to parameter of type 'Dependency<number, Needs>'.
app.override(async () => 7, async () => 7)
