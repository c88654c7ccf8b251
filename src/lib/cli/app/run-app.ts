import { resolve } from 'node:path'
import { errorCode } from '../../error-code.ts'
import { serve } from '../../node/serve.ts'
import { CommandError } from '../command-error.ts'
import { loadApp } from './load-app.ts'
import { loadEnvironment } from './load-environment.ts'

/** The options of `ringback run`. */
export interface RunOptions {
  readonly port?: number
  readonly host?: string
  readonly envFile?: string
  readonly allowLoopback?: boolean
  readonly graceMs?: number
}

/** Serves the application that a file exports until a signal ends it. */
export async function runApp(file: string, { envFile, ...options }: RunOptions): Promise<void> {
  if (envFile !== undefined) loadEnvironment(envFile)
  // The application's file is the program: its store lies beside it, and not beside this command.
  process.argv[1] = resolve(file)
  const app = await loadApp(file)
  try {
    await serve(app, options)
  } catch (error) {
    if (!isTaken(error)) throw error
    throw new CommandError(`The port ${error.port} is taken: give another with --port, or end what uses it`)
  }
}

const isTaken = (error: unknown): error is Error & { port: number } => errorCode(error) === 'EADDRINUSE'
