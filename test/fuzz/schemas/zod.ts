import { z } from 'zod'
import type { Schemas } from '../libraries.ts'

const row = z.object({
  id: z.string(),
  total: z.number(),
  kind: z.enum(['a', 'b']),
  paid: z.boolean(),
  items: z.array(z.number()),
})

const tree = z.object({
  id: z.string(),
  get items() {
    return z.array(tree)
  },
})

const fields = {
  id: z.string(),
  total: z.array(z.number()).optional(),
  paid: z.boolean().optional(),
  kind: z.union([z.number(), z.enum(['a', 'b'])]).optional(),
  email: z.email().optional(),
  items: z.record(z.string(), z.unknown()).optional(),
}

export const zodSchemas: Schemas = {
  bodies: {
    strict: z.strictObject({ id: z.string(), total: z.number() }),
    record: z.record(z.string(), z.number()),
    union: z.array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), total: z.number() }),
        z.strictObject({ kind: z.literal('b'), paid: z.boolean() }),
      ]),
    ),
    list: z.array(z.union([z.number(), z.boolean(), z.strictObject({ id: z.string() })])),
    rows: z.array(row),
    tree,
    tuples: z.array(z.tuple([z.string(), z.number(), z.boolean()])),
    intersection: z.intersection(z.object({ id: z.string() }), z.object({ items: z.array(row) })),
    texts: z.strictObject({
      id: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/),
      email: z.email().optional(),
      url: z.url().optional(),
      items: z.array(z.uuid()).optional(),
      kind: z.string().min(2).max(1000).optional(),
    }),
    defaults: z.strictObject({
      total: z.number().default(0),
      items: z.array(z.object({ paid: z.boolean().default(false) })),
    }),
  },
  forms: {
    texts: z.strictObject(fields),
    files: z.object({ ...fields, file: z.file().optional(), url: z.array(z.file().max(1000)).optional() }),
    record: z.record(z.string(), z.union([z.number(), z.array(z.string())])),
  },
  params: z.object({ id: z.int() }),
  query: z.strictObject({ id: z.string().optional(), total: z.array(z.number()).optional() }),
  headers: z.object({ 'x-id': z.uuid(), 'x-total': z.array(z.number()) }),
  cookies: z.object({ id: z.string(), total: z.number() }),
  target: z.object({ url: z.string(), id: z.string().optional() }),
  targetQuery: z.object({ url: z.string().optional() }),
  targetHeader: z.object({ 'x-url': z.string().optional() }),
}
