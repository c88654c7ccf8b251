/** How the dead destination is dead: nobody listens, or the listener never responds. */
export type Death = 'refuse' | 'silent'

/** All but two of a thousand destinations take everything; they are spread over a hundred origins. */
export const healthyAddresses = Array.from({ length: 100 }, (_, index) => `127.0.1.${index + 1}`)
export const deadAddress = '127.0.2.1'
export const drippingAddress = '127.0.2.2'
const healthyCount = 998

/** The URL of a destination that takes everything, each in turn. The receiver recognises it by its path. */
export function healthyUrl(port: number, turn: number): string {
  const number = turn % healthyCount
  return `http://${healthyAddresses[number % healthyAddresses.length]}:${port}/latency/${number}`
}

export function deadUrl(port: number): string {
  return `http://${deadAddress}:${port}/events`
}

export function drippingUrl(port: number): string {
  return `http://${drippingAddress}:${port}/events`
}
