import { type Handler, json, operation, Ringback, text } from 'ringback'
import { serve } from 'ringback/node'
import { parse } from 'yaml'
import { z } from 'zod'

export const app = new Ringback({
  title: 'Harbour',
  version: '1.0.0',
  // The ids of operations that do not say one themselves.
  generateOperationId: ({ tags, handlerName }) => [...tags, handlerName].join('_'),
})

const Boat = z.object({ name: z.string(), length: z.number() }).meta({ id: 'Boat' })

app.get('/boats', { tags: ['boats'], response: z.array(Boat) }, async function list() {
  return [{ name: 'Amelie', length: 9.5 }]
})

// An id of its own, and members that OpenAPI or a tool knows.
app.get(
  '/boats/first',
  {
    operationId: 'readFirstBoat',
    response: Boat,
    openapi: { 'x-cache-seconds': 60, externalDocs: { url: 'https://harbour.example/boats' } },
  },
  async function first() {
    return { name: 'Amelie', length: 9.5 }
  },
)

// Definition and handler apart, for instance in two files.
const searchBoats = operation('/boats/search', { query: z.object({ text: z.string() }), response: z.array(Boat) })

const search: Handler<typeof searchBoats> = async ({ query }) => [{ name: query.text, length: 9.5 }]

app.get(searchBoats, search)

// It works, and nobody reads of it.
app.get('/health', { documented: false, response: z.string() }, async function readHealth() {
  return 'well'
})

// A body that Ringback does not read itself: the document says what it is.
app.post(
  '/boats/yaml',
  {
    body: text('application/yaml'),
    response: Boat,
    openapi: { 'x-body': 'A boat, as YAML' },
  },
  async function importBoat({ body }) {
    return Boat.parse(parse(body))
  },
)

// JSON under a media type of its own.
app.post(
  '/boats/geo',
  { body: json(Boat, { contentType: 'application/geo+json' }), response: z.string() },
  async function importGeo({ body }) {
    return body.name
  },
)

if (import.meta.main) await serve(app)
