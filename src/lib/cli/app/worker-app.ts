import { resolve } from 'node:path'
import { work } from '../../node/work.ts'
import { loadApp } from './load-app.ts'
import { loadEnvironment } from './load-environment.ts'
import { toldOfTakenPort } from './taken-port.ts'

/** The options of `ringback worker`. */
export interface WorkerOptions {
  readonly concurrency?: number
  readonly envFile?: string
  readonly allowLoopback?: boolean
  readonly healthPort?: number
  readonly graceMs?: number
}

/** Sends what the application that a file exports has stored, until a signal ends it. */
export async function workerApp(file: string, { envFile, ...options }: WorkerOptions): Promise<void> {
  if (envFile !== undefined) loadEnvironment(envFile)
  // The application's file is the program: its store lies beside it, and not beside this command.
  process.argv[1] = resolve(file)
  const app = await loadApp(file)
  await work(app, options).catch((error: unknown) => toldOfTakenPort(error, options.healthPort))
}
