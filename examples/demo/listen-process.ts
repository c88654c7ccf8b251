import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Failure } from './failure.ts'

const program = join(import.meta.dirname, '../../dist/lib/cli/main.js')
const limitMs = 15_000

/** `ringback listen`, as whoever receives callbacks would start it with nothing but the address of a document. */
export class ListenProcess extends EventEmitter<{ line: [string] }> {
  readonly #signal: AbortSignal
  #child: ChildProcess | undefined
  /** The base URL that it gives. */
  url = ''

  constructor(signal: AbortSignal) {
    super()
    this.#signal = signal
  }

  /** Gives what it prints when it is ready. */
  async start(args: readonly string[]): Promise<readonly string[]> {
    const child = spawn(process.execPath, [program, 'listen', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', line => this.emit('line', line))
    const printed = await this.until(/^Signatures are /)
    const [, url = ''] = /^Listening at (\S+) /m.exec(printed.join('\n')) ?? []
    this.url = url
    return printed
  }

  /** The lines from now on, up to the first that is of this form. */
  async until(form: RegExp): Promise<readonly string[]> {
    const ended = new AbortController()
    const onExit = () => ended.abort()
    this.#child?.once('exit', onExit)
    const lines: string[] = []
    try {
      const signal = AbortSignal.any([this.#signal, ended.signal, AbortSignal.timeout(limitMs)])
      for await (const [line] of on(this, 'line', { signal })) {
        lines.push(line)
        if (form.test(line)) break
      }
      return lines
    } catch (error) {
      if (this.#signal.aborted) throw error
      throw new Failure(['"ringback listen" did not print what was expected, but', ...lines].join('\n'))
    } finally {
      this.#child?.off('exit', onExit)
    }
  }

  async close(): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
}
