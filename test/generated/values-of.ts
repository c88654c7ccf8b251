import fc from 'fast-check'

type Json = Readonly<Record<string, unknown>>

/** Texts of formats whose grammar is not in the document. Callback URLs are to go somewhere that a guard allows. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  uri: ['https://www.external.org', 'https://www.external.org/hook?a=b', 'http://example.com:8080/a%20b/'],
  email: ['richie@example.com', 'a.b+c@example.co.uk'],
  uuid: ['0195f2c5-7a3b-7c1d-8e2f-3a4b5c6d7e8f', 'c9bf9e57-1685-4c89-bafb-ff5af830be8a'],
  date: ['2026-11-29', '2024-02-29'],
  time: ['12:34:56', '00:00:00'],
  'date-time': ['2026-11-29T12:34:56Z', '2024-02-29T00:00:00.000Z'],
  duration: ['P3DT4H', 'PT1M'],
  ipv4: ['192.0.2.1'],
  ipv6: ['2001:db8::1'],
}

/** Deeper than that, lists are empty and optional properties are left out. */
const DEEPEST = 4

/** Values that a schema of a document takes, as far as its keywords tell. */
export function valuesOf(schema: Json, document: Json, depth = 0): fc.Arbitrary<unknown> {
  const here = resolved(schema, document)
  if ('const' in here) return fc.constant(here['const'])
  if (Array.isArray(here['enum'])) return fc.constantFrom(...here['enum'])
  const branches = (here['anyOf'] ?? here['oneOf']) as readonly Json[] | undefined
  if (branches !== undefined) return fc.oneof(...branches.map(branch => valuesOf(branch, document, depth + 1)))
  if (Array.isArray(here['allOf'])) return together(here['allOf'] as readonly Json[], document, depth)
  const types = [here['type'] ?? 'any'].flat()
  return fc.oneof(...types.map(type => ofType(String(type), here, document, depth)))
}

export function resolved(schema: Json, document: Json): Json {
  const reference = schema['$ref']
  if (typeof reference !== 'string') return schema
  const found = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((outer, name) => (outer as Json)[name.replaceAll('~1', '/').replaceAll('~0', '~')], document)
  return resolved(found as Json, document)
}

function ofType(type: string, schema: Json, document: Json, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return textOf(schema)
    case 'integer':
    case 'number':
      return numberOf(schema, type)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return listOf(schema, document, depth)
    case 'object':
      return objectOf(schema, document, depth)
    default:
      return fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  }
}

function textOf({ format, pattern, minLength = 0, maxLength = 40 }: Json): fc.Arbitrary<string> {
  const [least, most] = [Number(minLength), Number(maxLength)]
  const fits = (text: string) => text.length >= least && text.length <= most
  const known = FORMATS[String(format)]
  if (known !== undefined) return fc.constantFrom(...known)
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern, 'u')).filter(fits)
  const any = fc.string({ minLength: least, maxLength: Math.max(least, Math.min(most, 40)), unit: 'binary' })
  // What is text to a schema may be read as a URL by a callback.
  const urls = FORMATS.uri!.filter(fits)
  return urls.length === 0
    ? any
    : fc.oneof({ weight: 3, arbitrary: any }, { weight: 1, arbitrary: fc.constantFrom(...urls) })
}

function numberOf(schema: Json, type: 'integer' | 'number'): fc.Arbitrary<number> {
  const bound = (keyword: string, exclusive: string, sign: 1 | -1, otherwise: number): number => {
    if (typeof schema[exclusive] === 'number') return schema[exclusive] + sign * (type === 'integer' ? 1 : 0.01)
    return typeof schema[keyword] === 'number' ? schema[keyword] : otherwise
  }
  const [min, max] = [bound('minimum', 'exclusiveMinimum', 1, -1e6), bound('maximum', 'exclusiveMaximum', -1, 1e6)]
  const step = schema['multipleOf']
  const least = Math.ceil(Math.min(min, max))
  const most = Math.max(least, Math.min(Math.floor(max), 2 ** 31 - 1))
  if (type === 'integer' || typeof step === 'number' || schema['format'] === 'float')
    return fc.integer({ min: least, max: most })
  return fc.double({ min, max: Math.max(min, max), noNaN: true, noDefaultInfinity: true })
}

function listOf(schema: Json, document: Json, depth: number): fc.Arbitrary<unknown[]> {
  const prefix = (schema['prefixItems'] ?? []) as readonly Json[]
  const { items, minItems = 0, maxItems = 4 } = schema
  const first = prefix.map(item => valuesOf(item, document, depth + 1))
  const least = Math.max(0, Number(minItems) - prefix.length)
  const most = depth > DEEPEST ? least : Math.max(least, Math.min(Number(maxItems) - prefix.length, 4))
  if (typeof items !== 'object' || items === null || most === 0) return fc.tuple(...first)
  const rest = fc.array(valuesOf(items as Json, document, depth + 1), { minLength: least, maxLength: most })
  return fc.tuple(fc.tuple(...first), rest).map(([first, rest]) => [...first, ...rest])
}

function objectOf(schema: Json, document: Json, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const required = new Set((schema['required'] ?? []) as readonly string[])
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>)
  const kept = properties.filter(([name]) => required.has(name) || depth <= DEEPEST)
  const model = Object.fromEntries(kept.map(([name, property]) => [name, valuesOf(property, document, depth + 1)]))
  const declared = fc.record(model, { requiredKeys: Object.keys(model).filter(name => required.has(name)) })
  const { additionalProperties: others } = schema
  if (typeof others !== 'object' || others === null || depth > DEEPEST) return declared
  const free = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), valuesOf(others as Json, document, depth + 1), {
    maxKeys: 3,
  })
  return fc.tuple(free, declared).map(([free, declared]) => ({ ...free, ...declared }))
}

function together(parts: readonly Json[], document: Json, depth: number): fc.Arbitrary<unknown> {
  return fc.tuple(...parts.map(part => valuesOf(part, document, depth))).map(values => Object.assign({}, ...values))
}
