import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Starts listening and gives the address, or throws what Node says of the port. */
export function listen(server: Server, port: number, host: string | undefined): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject)
      resolve(server.address() as AddressInfo)
    })
  })
}
