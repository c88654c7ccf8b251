import { closeTimes } from '../app/life/closing.ts'
import { checkNames } from '../definition/check-names.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { type NodeLimits, nodeLimits, type ServerLimits } from './server-limits.ts'

/** Where and how an application is served. */
export interface ServeOptions extends ServerLimits {
  /** Default: the environment variable PORT, else 8000. 0 takes a free port. */
  readonly port?: number
  /** The address to listen on. Default: all. */
  readonly host?: string
  /** How long requests, background work and attempts may go on after a signal, in milliseconds. Default: 10,000. */
  readonly graceMs?: number
  /**
   * How long closing may take in all, whatever a store, a dependency or the lifespan does, in milliseconds: what has not
   * ended by then is abandoned, and named in the log. Default: 15,000, or 5,000 more than `graceMs` where that is longer.
   */
  readonly closeTimeoutMs?: number
  /**
   * Whether `/healthz/live`, `/healthz/ready` and `/healthz` say how the process is, before anything of the application
   * sees the request, and whatever host it names. Default: false.
   */
  readonly health?: boolean
  /** The same at a port of its own, which need not be public; 0 takes a free one. Default: none. */
  readonly healthPort?: number
  /** For development: callbacks may go to this machine, which is refused otherwise. Default: false. */
  readonly allowLoopback?: boolean
  /** Whether SIGINT and SIGTERM close the server. Default: true. */
  readonly signals?: boolean
}

const SERVE_NAMES: Readonly<Record<keyof ServeOptions, true>> = {
  port: true,
  host: true,
  graceMs: true,
  closeTimeoutMs: true,
  allowLoopback: true,
  signals: true,
  health: true,
  healthPort: true,
  headersTimeoutMs: true,
  requestTimeoutMs: true,
  keepAliveTimeoutMs: true,
  requestsPerSocket: true,
}

/** The options of `serve` with their defaults. */
export interface CheckedServeOptions {
  readonly port: number
  readonly host: string | undefined
  readonly graceMs: number
  readonly closeTimeoutMs: number
  readonly allowLoopback: boolean
  readonly signals: boolean
  readonly health: boolean
  readonly healthPort: number | undefined
  readonly limits: NodeLimits
}

/** Throws a `DefinitionError` for an invalid option, and for a PORT that is not a port. */
export function checkedServeOptions(options: ServeOptions): CheckedServeOptions {
  checkNames(options, SERVE_NAMES, 'the options of "serve"')
  const { host, port, signals = true, allowLoopback = false, health = false } = options
  if (host !== undefined && (typeof host !== 'string' || host === ''))
    throw new DefinitionError(`"host" is ${quoted(host)}: give a name or an address, such as "127.0.0.1"`)
  for (const [name, given] of Object.entries({ signals, allowLoopback, health }))
    if (typeof given !== 'boolean') throw new DefinitionError(`"${name}" is ${quoted(given)}: give true or false`)
  return {
    ...closeTimes(options),
    ...{ host, signals, allowLoopback, health },
    port: port === undefined ? environmentPort() : checkedPort('port', port),
    healthPort: checkedHealthPort(options.healthPort),
    limits: nodeLimits(options),
  }
}

const MOST_PORT = 65_535

/** The port of its own for the health of the process, where there is one. */
export function checkedHealthPort(port: number | undefined): number | undefined {
  return port === undefined ? undefined : checkedPort('healthPort', port)
}

function checkedPort(name: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= MOST_PORT) return port
  throw new DefinitionError(
    `"${name}" is ${quoted(port)}: give a whole number from 1 to ${MOST_PORT}, or 0 for a free port`,
  )
}

/** Digits only: what else `Number` reads, nothing among it, is a mistake here. */
function environmentPort(): number {
  const text = process.env['PORT']
  if (text === undefined) return 8000
  if (/^\d{1,5}$/.test(text) && Number(text) <= MOST_PORT) return Number(text)
  throw new DefinitionError(
    `The environment variable PORT is ${quoted(text)}: set it to a whole number from 1 to ${MOST_PORT}, to 0 for a free port, or unset it`,
  )
}
