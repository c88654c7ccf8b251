/**
 * A Swagger UI plugin: examples that people can read. Left to itself it makes texts of their patterns, kilobytes of random
 * letters among them, and numbers of their bounds. Only the page's examples change, and they fit their schema.
 */
window.RingbackSamplesPlugin = () => {
  /** By format; of several the first that fits the schema. */
  const TEXTS = {
    email: ['user@example.com', 'a@b.co'],
    'idn-email': ['user@example.com'],
    uuid: [
      '3fa85f64-5717-4562-b3fc-2c963f66afa6',
      '01890a5d-ac96-774b-bcce-b302099a8057',
      '1ec9414c-232a-6b00-b3c8-9e6bdeced846',
    ],
    uri: ['https://www.example.com/'],
    'uri-reference': ['/path'],
    hostname: ['www.example.com'],
    ipv4: ['198.51.100.42'],
    ipv6: ['2001:db8::42'],
    cidrv4: ['198.51.100.0/24'],
    cidrv6: ['2001:db8::/32'],
    mac: ['00:1a:2b:3c:4d:5e'],
    date: ['2026-01-31'],
    time: ['14:30:00', '14:30:00Z', '14:30:00.000'],
    'date-time': ['2026-01-31T14:30:00Z', '2026-01-31T14:30:00.000Z', '2026-01-31T14:30Z', '2026-01-31T14:30:00+01:00'],
    duration: ['P3DT12H'],
    base64: ['SGVsbG8='],
    base64url: ['SGVsbG8'],
    jwt: ['eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyIn0.c2lnbmF0dXJl'],
    e164: ['+4915112345678'],
    iban: ['DE89370400440532013000'],
    nanoid: ['V1StGXR8_Z5jdHi6B-myT'],
    cuid: ['cjld2cjxh0000qzrmn831i7rn'],
    cuid2: ['tz4a98xxat96iws9zmbrgj3a'],
    ulid: ['01ARZ3NDEKTSV4RRFFQ69G5FAV'],
    xid: ['9m4e2mr0ui3e8a215n4g'],
    ksuid: ['0ujtsYcgvSTl8PAuAdqWYSMnLOv'],
    emoji: ['🙂'],
    hex: ['c0ffee'],
    regex: ['^[a-z]+$'],
    'json-string': ['{"key":"value"}'],
  }
  const COMMON = [
    'string',
    'example',
    'EXAMPLE',
    'example-1',
    '12345',
    '1',
    ...['date-time', 'date', 'time', 'email', 'ipv4', 'hostname', 'mac', 'ulid', 'uuid', 'base64', 'jwt'].flatMap(
      format => TEXTS[format],
    ),
    '2026-W05',
    '1.0.0',
    '#ff8800',
  ]
  const MOST_CHARACTERS = 60

  const fitsText = ({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY, allOf = [] }) => {
    const patterns = [pattern, ...allOf.map(part => part.pattern)].filter(one => typeof one === 'string')
    const tests = patterns.map(one => expression(one))
    return text => text.length >= minLength && text.length <= maxLength && tests.every(test => test?.test(text) ?? true)
  }

  function expression(pattern) {
    for (const flags of ['u', ''])
      try {
        return new RegExp(pattern, flags)
      } catch {}
  }

  /** A text for a schema; undefined leaves it to Swagger UI. */
  function text(schema, generate) {
    const fits = fitsText(schema)
    const known = (Object.hasOwn(TEXTS, schema.format) ? TEXTS[schema.format] : []).find(fits)
    if (known !== undefined) return known
    if (typeof schema.pattern !== 'string') return undefined
    const made = [briefly(schema.pattern), schema.pattern].map(pattern => generate({ type: 'string', pattern }))
    return [...COMMON, ...made].find(
      one => typeof one === 'string' && one.length <= MOST_CHARACTERS && isReadable(one) && fits(one),
    )
  }

  const isReadable = made => /^[\w.,:;/+@#=-]+$/.test(made)

  /** The pattern with few repetitions where it allows any number of them, and letters where it allows any character. */
  function briefly(pattern) {
    return pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|\{(\d+),\}|[.*+]/g, (part, least) => {
      if (least !== undefined) return `{${least},${Number(least) + 3}}`
      return { '*': '{0,4}', '+': '{1,5}', '.': '[a-z]' }[part] ?? (/^\[\\[sS]\\[sS]\]$/.test(part) ? '[a-z]' : part)
    })
  }

  /** The most ordinary number that fits; undefined leaves it to Swagger UI. */
  function number({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }) {
    const low = Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY)
    const high = Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY)
    const step = multipleOf ?? 1
    const fits = one =>
      Number.isFinite(one) &&
      one >= low &&
      one <= high &&
      one !== exclusiveMinimum &&
      one !== exclusiveMaximum &&
      (type !== 'integer' || Number.isInteger(one)) &&
      (multipleOf === undefined || Number.isInteger(one / multipleOf))
    const [first, last] = [Math.ceil(low / step) * step, Math.floor(high / step) * step]
    return [0, step, first, first + step, last, last - step, (low + high) / 2].find(fits)
  }

  const typeOf = ({ type }) => (Array.isArray(type) ? type.find(one => one !== 'null') : type)
  const isGiven = schema =>
    ['example', 'examples', 'default', 'const', 'enum', '$ref'].some(keyword => schema[keyword] !== undefined)

  function sample(schema, generate) {
    const type = typeOf(schema)
    // It knows nothing of the single items of a list.
    if (type === 'array' && Array.isArray(schema.prefixItems))
      return schema.prefixItems.map(item => generate(withSamples(item, generate)))
    if (type === 'string') return text(schema, generate)
    return type === 'number' || type === 'integer' ? number({ ...schema, type }) : undefined
  }

  /** The schema with an example at each text and number that has none. */
  function withSamples(value, generate) {
    if (Array.isArray(value)) return value.map(item => withSamples(item, generate))
    if (typeof value !== 'object' || value === null) return value
    const schema = {}
    for (const [keyword, inner] of Object.entries(value))
      schema[keyword] = HOLDS_VALUES.has(keyword) ? inner : withSamples(inner, generate)
    const example = isGiven(value) ? undefined : sample(value, generate)
    return example === undefined ? schema : { ...schema, examples: [example] }
  }
  const HOLDS_VALUES = new Set(['example', 'examples', 'default', 'const', 'enum', 'required', 'xml'])

  return {
    afterLoad({ fn: { jsonSchema202012 } }) {
      const { sampleFromSchema, memoizedSampleFromSchema } = jsonSchema202012
      const known = new Map()
      const readable = schema => {
        const plain = typeof schema?.toJS === 'function' ? schema.toJS() : schema
        const key = JSON.stringify(plain)
        if (!known.has(key)) known.set(key, withSamples(plain, sampleFromSchema))
        return known.get(key)
      }
      Object.assign(this.fn.jsonSchema202012, {
        sampleFromSchema: (schema, ...rest) => sampleFromSchema(readable(schema), ...rest),
        memoizedSampleFromSchema: (schema, ...rest) => memoizedSampleFromSchema(readable(schema), ...rest),
      })
    },
  }
}
