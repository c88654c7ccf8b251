import { scope, type } from 'arktype'
import type { Schemas } from '../libraries.ts'

const row = type({ id: 'string', total: 'number', kind: "'a' | 'b'", paid: 'boolean', items: 'number[]' })

const fields = {
  id: 'string',
  'total?': 'number[]',
  'paid?': 'boolean',
  'kind?': "number | 'a' | 'b'",
  'email?': 'string.email',
  'items?': { '[string]': 'unknown' },
} as const

export const arktypeSchemas: Schemas = {
  bodies: {
    strict: type({ '+': 'reject', id: 'string', total: 'number' }),
    record: type({ '[string]': 'number' }),
    union: type({ '+': 'reject', kind: "'a'", total: 'number' })
      .or({ '+': 'reject', kind: "'b'", paid: 'boolean' })
      .array(),
    list: type('number | boolean').or({ '+': 'reject', id: 'string' }).array(),
    rows: row.array(),
    tree: scope({ Tree: { id: 'string', items: 'Tree[]' } }).export().Tree,
    tuples: type(['string', 'number', 'boolean']).array(),
    intersection: type({ id: 'string' }).and({ items: row.array() }),
    texts: type({
      '+': 'reject',
      id: /^[a-z]+(?:-[a-z]+)*$/,
      'email?': 'string.email',
      'url?': 'string.url',
      'items?': 'string.uuid[]',
      'kind?': '2 <= string <= 1000',
    }),
    defaults: type({ '+': 'reject', total: 'number = 0', items: type({ paid: 'boolean = false' }).array() }),
  },
  forms: {
    texts: type({ '+': 'reject', ...fields }),
    files: type({ ...fields, 'file?': 'File', 'url?': 'File[]' }),
    record: type({ '[string]': 'number | string[]' }),
  },
  params: type({ id: 'number.integer' }),
  query: type({ '+': 'reject', 'id?': 'string', 'total?': 'number[]' }),
  headers: type({ 'x-id': 'string.uuid', 'x-total': 'number[]' }),
  cookies: type({ id: 'string', total: 'number' }),
  target: type({ url: 'string', 'id?': 'string' }),
  targetQuery: type({ 'url?': 'string' }),
  targetHeader: type({ 'x-url?': 'string' }),
}
