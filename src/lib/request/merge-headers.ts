/**
 * The response with the headers that middleware or dependencies set before it existed. Its own headers win, the cookies
 * of both are set (its own last, so that they win, too), and `vary` names the headers of both. The same response where
 * nothing was set.
 */
export function withPreparedHeaders(response: Response, prepared: Headers): Response {
  const cookies = prepared.getSetCookie()
  const added = [...prepared].filter(([name]) => name !== 'set-cookie' && !isFraming(name))
  if (added.length === 0 && cookies.length === 0) return response
  const headers = new Headers(response.headers)
  for (const [name, value] of added)
    if (name === 'vary') headers.set(name, joinedVary(value, headers.get(name) ?? ''))
    else if (!headers.has(name)) headers.set(name, value)
  if (cookies.length > 0) {
    headers.delete('set-cookie')
    for (const line of [...cookies, ...response.headers.getSetCookie()]) headers.append('set-cookie', line)
  }
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

/** Headers that describe another body. */
const isFraming = (name: string): boolean => name === 'content-length' || name === 'content-type'

/** The names in two `vary` headers, each once. */
export function joinedVary(first: string, second: string): string {
  const names = `${first},${second}`.split(',').map(name => name.trim())
  const known = new Map(names.filter(name => name !== '').map(name => [name.toLowerCase(), name]))
  return [...known.values()].join(', ')
}
