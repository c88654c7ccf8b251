import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** A program under test in a process of its own, which reports its address in a message. */
export interface RunningProgram {
  readonly url: string
  readonly process: ChildProcess
  /** Everything it has printed. */
  output(): string
  /** Ends it by SIGKILL: no handler of it runs. */
  kill(): Promise<void>
  /** Ends it by SIGTERM and gives its exit code. */
  stop(): Promise<number | null>
}

/**
 * Starts a program that calls `process.send({ url })` once it serves; fails with its output if it ends before. The signal
 * ends it by SIGKILL, also while it starts.
 */
export async function startProgram(
  file: URL,
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<RunningProgram> {
  const ending = signal && { signal, killSignal: 'SIGKILL' as const }
  const child = fork(file, { env: { ...process.env, ...environment }, silent: true, ...ending })
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk))
  child.stderr?.on('data', (chunk: Buffer) => (printed += chunk))
  const exited = once(child, 'exit')
  const url = await Promise.race([
    once(child, 'message').then(([message]) => (message as { url: string }).url),
    exited.then(() => Promise.reject(new Error(`The program ended before it served:\n${printed}`))),
  ])
  return {
    url,
    process: child,
    output: () => printed,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async stop() {
      child.kill('SIGTERM')
      return ((await exited) as [number | null])[0]
    },
  }
}
