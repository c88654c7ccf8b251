/** Reads and writes JSON Pointers (RFC 6901): `#/lines/0/price` as the list `['lines', '0', 'price']` and back. */

/** The tokens of a pointer without its `#`: `/a~1b/0` gives `['a/b', '0']`, the empty text gives `[]`. */
export function parseJsonPointer(text: string): string[] {
  if (text === '') return []
  return text
    .slice(1)
    .split('/')
    .map(token => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The pointer to the place that `tokens` name, without `#`. */
export function serializeJsonPointer(tokens: readonly (string | number)[]): string {
  let pointer = ''
  for (const token of tokens) pointer += `/${typeof token === 'number' ? token : escapeToken(token)}`
  return pointer
}

const escapeToken = (token: string): string =>
  token.includes('~') || token.includes('/') ? token.replaceAll('~', '~0').replaceAll('/', '~1') : token
