import { createRequire } from 'node:module'
import { once } from '../once.ts'

const require = createRequire(import.meta.url)

/** Writes cookies (RFC 6265); loaded with the first one. */
export const cookies = once(() => require('hono/utils/cookie') as typeof import('hono/utils/cookie'))
