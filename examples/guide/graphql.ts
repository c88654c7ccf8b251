import { createSchema, createYoga } from 'graphql-yoga'
import { HttpError, Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { z } from 'zod'

const boats = [
  { name: 'Amelie', length: 9.5, pier: 'north' },
  { name: 'Bruno', length: 14, pier: 'south' },
]

const yoga = createYoga({
  // The runtime's own, in place of one that Yoga brings along.
  fetchAPI: { Response },
  schema: createSchema({
    typeDefs: /* GraphQL */ `
      type Boat { name: String!, length: Float!, pier: String! }
      type Query { boats(pier: String): [Boat!]!, me: String! }
    `,
    resolvers: {
      Query: {
        boats: (_, { pier }: { pier?: string }) => boats.filter(boat => pier === undefined || boat.pier === pier),
        me: (_, _arguments, { skipper }: { skipper: string }) => skipper,
      },
    },
  }),
  context: ({ request }) => ({ skipper: request.headers.get('x-skipper') ?? 'nobody' }),
  // It sees the path below its mount. Its page loads from another host, and so it is off.
  graphqlEndpoint: '/',
  graphiql: false,
  landingPage: false,
})

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Who may ask is decided before.
app.use('/graphql/*', async (context, next) => {
  if (context.req.header('x-skipper') === undefined) throw new HttpError(401, 'Say who you are in x-skipper')
  await next()
})

app.mount('/graphql', yoga, { bodyLimitBytes: 65_536 })

app.get('/boats', { response: z.array(z.string()) }, async function listBoats() {
  return boats.map(({ name }) => name)
})

if (import.meta.main) await serve(app)
