import type { Choices } from '../choices.ts'
import type { Text } from '../text.ts'
import { stretched } from './stretched.ts'

const HOST = ['.', '-', 'a', '0', ':', '[', '%41', 'é']
const PATH = ['/', '.', 'a', '%41', '%', '\\', ';', '-']
const QUERY = ['?', '&', '=', '/', 'a', '%41', '+', '#']
const USER = [':', '@', 'a', '%41']

/** A URL of any length up to `most` bytes, most of it in one part; or an invalid one. */
export function callbackUrl(choose: Choices, most: number): Text {
  const long = choose.of(['host', 'host', 'path', 'path', 'query', 'user', 'port', 'fragment', 'all'] as const)
  if (long === 'all') return stretched(choose, most)
  const part = (name: typeof long, alphabet: readonly string[]): Text | undefined =>
    name === long ? stretched(choose, most, alphabet) : undefined
  const user = part('user', USER)
  const port = part('port', ['0', '1', ':'])
  const path = part('path', PATH)
  const query = part('query', QUERY)
  const fragment = part('fragment', QUERY)
  return [
    choose.of(['http://', 'https://']),
    user ? [user, '@'] : '',
    part('host', HOST) ?? choose.of(['hooks.example', '192.0.2.1', '[2001:db8::1]']),
    port ? [':', port] : '',
    choose.of(['', '/']),
    path ?? '',
    query ? ['?', query] : '',
    fragment ? ['#', fragment] : '',
  ]
}
