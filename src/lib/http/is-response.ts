/**
 * Whether a value is a `Response` of the web platform. Node loads its `fetch` when `Response` is first named, and no
 * other response needs that, so the tag is checked first.
 */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && Symbol.toStringTag in value && value instanceof Response
}
