/** How the dead destination is dead: nobody listens, or who listens never answers. */
export type Death = 'refuse' | 'silent'

/** A thousand destinations but two take everything, spread over a hundred origins. */
export const healthyAddresses = Array.from({ length: 100 }, (_, index) => `127.0.1.${index + 1}`)
export const deadAddress = '127.0.2.1'
export const drippingAddress = '127.0.2.2'
const healthyCount = 998

/** The URL of a destination that takes everything: all of them in turn. The receiver knows it by its path. */
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
