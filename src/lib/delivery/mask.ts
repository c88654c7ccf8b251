import { memoize } from '../memoize.ts'

const credential = /authorization|cookie|token|secret|password|api-?key|credential|signature/i
const isCredential = memoize(1_000, name => credential.test(name))

/** A URL for lists, logs and events: what its query holds is nobody's business there. */
export function maskUrl(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : `${url.slice(0, query)}?***`
}

/** Headers for lists and the store: the values of those that carry credentials are masked. */
export function maskHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const masked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) masked[name] = isCredential(name) ? '***' : value
  return masked
}
