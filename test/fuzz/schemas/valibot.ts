import { toStandardJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import type { Schema } from '../../../src/lib/schema/schema.ts'
import type { Schemas } from '../libraries.ts'

const standard = (schema: Parameters<typeof toStandardJsonSchema>[0]): Schema => toStandardJsonSchema(schema) as Schema

const row = v.object({
  id: v.string(),
  total: v.number(),
  kind: v.picklist(['a', 'b']),
  paid: v.boolean(),
  items: v.array(v.number()),
})

const tree: v.GenericSchema = v.object({ id: v.string(), items: v.array(v.lazy(() => tree)) })

const fields = {
  id: v.string(),
  total: v.optional(v.array(v.number())),
  paid: v.optional(v.boolean()),
  kind: v.optional(v.union([v.number(), v.picklist(['a', 'b'])])),
  email: v.optional(v.pipe(v.string(), v.email())),
  items: v.optional(v.record(v.string(), v.unknown())),
}

export const valibotSchemas: Schemas = {
  bodies: {
    strict: standard(v.strictObject({ id: v.string(), total: v.number() })),
    record: standard(v.record(v.string(), v.number())),
    union: standard(
      v.array(
        v.variant('kind', [
          v.strictObject({ kind: v.literal('a'), total: v.number() }),
          v.strictObject({ kind: v.literal('b'), paid: v.boolean() }),
        ]),
      ),
    ),
    list: standard(v.array(v.union([v.number(), v.boolean(), v.strictObject({ id: v.string() })]))),
    rows: standard(v.array(row)),
    tree: standard(tree),
    tuples: standard(v.array(v.tuple([v.string(), v.number(), v.boolean()]))),
    intersection: standard(v.intersect([v.object({ id: v.string() }), v.object({ items: v.array(row) })])),
    texts: standard(
      v.strictObject({
        id: v.pipe(v.string(), v.regex(/^[a-z]+(?:-[a-z]+)*$/)),
        email: v.optional(v.pipe(v.string(), v.email())),
        url: v.optional(v.pipe(v.string(), v.url())),
        items: v.optional(v.array(v.pipe(v.string(), v.uuid()))),
        kind: v.optional(v.pipe(v.string(), v.minLength(2), v.maxLength(1000))),
      }),
    ),
    defaults: standard(
      v.strictObject({
        total: v.optional(v.number(), 0),
        items: v.array(v.object({ paid: v.optional(v.boolean(), false) })),
      }),
    ),
  },
  forms: {
    texts: standard(v.strictObject(fields)),
    files: standard(
      v.object({
        ...fields,
        file: v.optional(v.file()),
        url: v.optional(v.array(v.pipe(v.file(), v.maxSize(1000)))),
      }),
    ),
    record: standard(v.record(v.string(), v.union([v.number(), v.array(v.string())]))),
  },
  params: standard(v.object({ id: v.pipe(v.number(), v.integer()) })),
  query: standard(v.strictObject({ id: v.optional(v.string()), total: v.optional(v.array(v.number())) })),
  headers: standard(v.object({ 'x-id': v.pipe(v.string(), v.uuid()), 'x-total': v.array(v.number()) })),
  cookies: standard(v.object({ id: v.string(), total: v.number() })),
  target: standard(v.object({ url: v.string(), id: v.optional(v.string()) })),
  targetQuery: standard(v.object({ url: v.optional(v.string()) })),
  targetHeader: standard(v.object({ 'x-url': v.optional(v.string()) })),
}
