import type { RingbackOptions } from './ringback-options.ts'

/** The URLs of an application's own servers, where none of its callbacks may go. */
export const ownOrigins = (servers: RingbackOptions['servers'] = []): string[] =>
  servers.map(({ url }) => url).filter(url => URL.canParse(url))
