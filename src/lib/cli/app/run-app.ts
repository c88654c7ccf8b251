import { resolve } from 'node:path'
import { appInternals } from '../../app/ringback.ts'
import { serve } from '../../node/serve.ts'
import { loadApp } from './load-app.ts'
import { loadEnvironment } from './load-environment.ts'
import { toldOfTakenPort } from './taken-port.ts'
import { tellLoadedFiles } from './tell-loaded-files.ts'

/** The options of `ringback run`. */
export interface RunOptions {
  readonly port?: number
  readonly host?: string
  readonly envFile?: string
  readonly allowLoopback?: boolean
  readonly health?: boolean
  readonly healthPort?: number
  readonly graceMs?: number
  /** Whether `ringback dev` started it, and wants to know what it loads. */
  readonly watched?: boolean
}

/** Serves the application that a file exports until a signal ends it. */
export async function runApp(file: string, { envFile, watched = false, ...options }: RunOptions): Promise<void> {
  if (watched) beWatched()
  loadEnvironment(envFile)
  // The application's file is the program: its store lies beside it, and not beside this command.
  process.argv[1] = resolve(file)
  const app = await loadApp(file)
  if (watched) appInternals(app).develop()
  try {
    const server = await serve(app, { ...options, signals: !watched })
    if (watched) process.on('SIGTERM', () => void server.close().finally(() => process.exit()))
  } catch (error) {
    toldOfTakenPort(error, options.healthPort)
  }
}

/** A terminal tells both processes; only the other one, which tells this one, is to act. */
function beWatched(): void {
  tellLoadedFiles()
  process.on('SIGINT', () => {})
}
