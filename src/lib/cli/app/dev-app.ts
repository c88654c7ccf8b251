import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lib } from '../../location.ts'
import { CommandError } from '../command-error.ts'

/** The options of `ringback dev`. */
export interface DevOptions {
  readonly port?: number
  readonly host: string
  readonly envFile?: string
}

/** Whoever saves a file wants the new server, and not the end of what the old one did. */
const GRACE_MS = '300'

const program = fileURLToPath(new URL(`cli/main${extname(import.meta.url)}`, lib()))

/**
 * Runs `ringback run` under Node's watch mode, which starts it again when a file that it loaded changes, and resolves when
 * that ends.
 */
export async function devApp(file: string, { port, host, envFile }: DevOptions): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`There is no file "${file}"`)
  const watch = ['--watch', '--watch-preserve-output', ...(envFile === undefined ? [] : [`--env-file=${envFile}`])]
  const run = [program, 'run', file, '--host', host, '--allow-loopback', '--grace-ms', GRACE_MS]
  const child = spawn(process.execPath, [...watch, ...run, ...(port === undefined ? [] : ['--port', String(port)])], {
    stdio: 'inherit',
  })
  // The terminal tells both; who is told alone passes it on.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  process.exitCode = code ?? 0
}
