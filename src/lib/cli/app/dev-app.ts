import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lib } from '../../location.ts'
import { CommandError } from '../command-error.ts'
import { printNote } from '../terminal.ts'
import { WatchedFiles } from './watched-files.ts'

/** The options of `ringback dev`. */
export interface DevOptions {
  readonly port?: number
  readonly host: string
  readonly envFile?: string
}

/** Whoever saves a file wants the new server, and not the end of what the old one did. */
const GRACE_MS = 300
/** By then a server has closed, unless something in it hangs. */
const LONGEST_END_MS = 700

const program = fileURLToPath(new URL(`cli/main${extname(import.meta.url)}`, lib()))

/**
 * Runs `ringback run` in a process of its own, starts it again when a file that it loaded changes, and resolves when a
 * signal ends that.
 */
export async function devApp(file: string, { port, host, envFile }: DevOptions): Promise<void> {
  if (!existsSync(file)) throw new CommandError(`There is no file "${file}"`)
  const files = new WatchedFiles()
  files.add(resolve(file))
  if (envFile !== undefined) files.add(resolve(envFile))
  const args = [program, 'run', file, '--watched', '--host', host, '--allow-loopback', '--grace-ms', String(GRACE_MS)]
  if (port !== undefined) args.push('--port', String(port))
  if (envFile !== undefined) args.push('--env-file', envFile)
  const ended = new Promise<'ended'>(end => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end('ended'))
  })
  while ((await runUntilChange(args, files, ended)) !== 'ended') printNote('A file has changed: starting again')
  files.close()
}

/** Runs the server until a file changes or a signal comes, and tells which. */
async function runUntilChange(
  args: readonly string[],
  files: WatchedFiles,
  ended: Promise<'ended'>,
): Promise<'changed' | 'ended'> {
  const next = Promise.race([files.changed().then(() => 'changed' as const), ended])
  const child = spawn(process.execPath, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  child.on('message', message => files.add((message as { readonly loaded: string }).loaded))
  const exit = once(child, 'exit')
  const first = await Promise.race([next, exit])
  if (Array.isArray(first)) printNote('The application has ended: waiting for a file to change')
  else await end(child, exit)
  return await next
}

async function end(child: ChildProcess, exit: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM')
  const deadline = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS)
  await exit
  clearTimeout(deadline)
}
