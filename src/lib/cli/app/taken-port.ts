import { errorCode } from '../../error-code.ts'
import { CommandError } from '../command-error.ts'

/** Throws an error again; where a port is taken, it says by which option to give another one. */
export function toldOfTakenPort(error: unknown, healthPort: number | undefined): never {
  if (!isTaken(error)) throw error
  const option = error.port === healthPort ? '--health-port' : '--port'
  throw new CommandError(`The port ${error.port} is taken: give another with ${option}, or end what uses it`)
}

const isTaken = (error: unknown): error is Error & { port: number } => errorCode(error) === 'EADDRINUSE'
