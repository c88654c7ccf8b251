/**
 * Whether a value is a `Response` of the web platform. Node loads its `fetch` when `Response` is first named, which no
 * answer needs that is none: what has no tag is told apart before.
 */
export function isResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && Symbol.toStringTag in value && value instanceof Response
}
