import type { Resolver } from 'ringback/destination'

/** Where the deliveries of one sender go. */
export interface Route {
  readonly destinations: number
  /** Whether each destination has an origin of its own. */
  readonly apart: boolean
  readonly scheme: 'http' | 'https'
}

const name = 'bench.test'

/** As an argument of a program. */
export function routeText({ destinations, apart, scheme }: Route): string {
  return `${destinations} ${apart ? 'apart' : 'together'} ${scheme}`
}

export function readRoute(text: string): Route {
  const [destinations, how, scheme] = text.split(' ')
  return { destinations: Number(destinations), apart: how === 'apart', scheme: scheme === 'https' ? 'https' : 'http' }
}

/** The base URLs. With https they have names, which the receiver's certificate is for; see {@link resolveRoute}. */
export function destinationsOf({ destinations, apart, scheme }: Route, port: number): readonly string[] {
  return Array.from({ length: destinations }, (_, index) => {
    if (!apart) return `${scheme}://${scheme === 'https' ? name : '127.0.0.1'}:${port}/events${index || ''}`
    const host = scheme === 'https' ? `d${index}.${name}` : addressOf(index)
    return `${scheme}://${host}:${port}/events`
  })
}

/** Every name has a loopback address of its own. */
export const resolveRoute: Resolver = async host => {
  const index = /^d(\d+)\./.exec(host)?.[1]
  return [index === undefined ? '127.0.0.1' : addressOf(Number(index))]
}

function addressOf(index: number): string {
  return `127.1.${index >> 8}.${index & 255}`
}
