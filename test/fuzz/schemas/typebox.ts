import Type from 'typebox'
import { file } from '../../../src/index.ts'
import { typebox } from '../../../src/typebox.ts'
import type { Schemas } from '../libraries.ts'

const closed = { additionalProperties: false }

const row = Type.Object({
  id: Type.String(),
  total: Type.Number(),
  kind: Type.Enum(['a', 'b']),
  paid: Type.Boolean(),
  items: Type.Array(Type.Number()),
})

const fields = {
  id: Type.String(),
  total: Type.Optional(Type.Array(Type.Number())),
  paid: Type.Optional(Type.Boolean()),
  kind: Type.Optional(Type.Union([Type.Number(), Type.Enum(['a', 'b'])])),
  email: Type.Optional(Type.String({ format: 'email' })),
  items: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
}

export const typeboxSchemas: Schemas = {
  bodies: {
    strict: typebox(Type.Object({ id: Type.String(), total: Type.Number() }, closed)),
    record: typebox(Type.Record(Type.String(), Type.Number())),
    union: typebox(
      Type.Array(
        Type.Union([
          Type.Object({ kind: Type.Literal('a'), total: Type.Number() }, closed),
          Type.Object({ kind: Type.Literal('b'), paid: Type.Boolean() }, closed),
        ]),
      ),
    ),
    list: typebox(Type.Array(Type.Union([Type.Number(), Type.Boolean(), Type.Object({ id: Type.String() }, closed)]))),
    rows: typebox(Type.Array(row)),
    tree: typebox(
      Type.Cyclic({ Tree: Type.Object({ id: Type.String(), items: Type.Array(Type.Ref('Tree')) }) }, 'Tree'),
    ),
    tuples: typebox(Type.Array(Type.Tuple([Type.String(), Type.Number(), Type.Boolean()]))),
    intersection: typebox(
      Type.Intersect([Type.Object({ id: Type.String() }), Type.Object({ items: Type.Array(row) })]),
    ),
    texts: typebox(
      Type.Object(
        {
          id: Type.String({ pattern: '^[a-z]+(?:-[a-z]+)*$' }),
          email: Type.Optional(Type.String({ format: 'email' })),
          url: Type.Optional(Type.String({ format: 'uri' })),
          items: Type.Optional(Type.Array(Type.String({ format: 'uuid' }))),
          kind: Type.Optional(Type.String({ minLength: 2, maxLength: 1000 })),
        },
        closed,
      ),
    ),
    defaults: typebox(
      Type.Object(
        {
          total: Type.Number({ default: 0 }),
          items: Type.Array(Type.Object({ paid: Type.Boolean({ default: false }) })),
        },
        closed,
      ),
    ),
  },
  forms: {
    texts: typebox(Type.Object(fields, closed)),
    files: typebox(
      Type.Object({
        ...fields,
        file: Type.Optional(file()),
        url: Type.Optional(Type.Array(file({ maxBytes: 1000 }))),
      }),
    ),
    record: typebox(Type.Record(Type.String(), Type.Union([Type.Number(), Type.Array(Type.String())]))),
  },
  params: typebox(Type.Object({ id: Type.Integer() })),
  query: typebox(
    Type.Object({ id: Type.Optional(Type.String()), total: Type.Optional(Type.Array(Type.Number())) }, closed),
  ),
  headers: typebox(Type.Object({ 'x-id': Type.String({ format: 'uuid' }), 'x-total': Type.Array(Type.Number()) })),
  cookies: typebox(Type.Object({ id: Type.String(), total: Type.Number() })),
  target: typebox(Type.Object({ url: Type.String(), id: Type.Optional(Type.String()) })),
  targetQuery: typebox(Type.Object({ url: Type.Optional(Type.String()) })),
  targetHeader: typebox(Type.Object({ 'x-url': Type.Optional(Type.String()) })),
}
