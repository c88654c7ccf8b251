import type * as Undici from 'undici'

/** What is used of undici. */
export type UndiciClient = Pick<typeof Undici, 'Client'>

/** undici's client. Bun has something of its own under the name \`undici\` that cannot send on a given socket. */
export async function loadUndiciClient(): Promise<UndiciClient> {
  const undici = await import('undici')
  return typeof undici.Pool?.prototype?.dispatch === 'function' ? undici : loadUndiciFiles()
}

/** The same from the files of the package, which no runtime replaces. */
export async function loadUndiciFiles(): Promise<UndiciClient> {
  const [Client, Dispatcher, api] = await Promise.all([
    file('dispatcher/client.js'),
    file('dispatcher/dispatcher.js'),
    file('api/index.js'),
  ])
  // As its index does: \`connect\`, \`request\` and others are methods of every dispatcher.
  Object.assign(Dispatcher.prototype, api)
  return { Client } as UndiciClient
}

const file = async (path: string) => (await import(`undici/lib/${path}`)).default as { readonly prototype: object }
