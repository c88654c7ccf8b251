/**
 * The part of a validated body that the client sent: without the defaults that the schema filled in, at every depth.
 * `raw` is the body as it was sent. A value other than a plain object or a list stays as it is.
 */
export function sentPart(validated: unknown, raw: unknown): unknown {
  if (Array.isArray(validated))
    return Array.isArray(raw) && raw.length === validated.length
      ? validated.map((item, index) => sentPart(item, raw[index]))
      : validated
  if (!isPlainObject(validated) || !isPlainObject(raw)) return validated
  const names = Object.keys(validated).filter(name => Object.hasOwn(raw, name))
  // `fromEntries` makes an own property of "__proto__" too.
  return Object.fromEntries(names.map(name => [name, sentPart(validated[name], raw[name])]))
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
