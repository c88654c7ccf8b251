import { format } from 'node:util'
import { fits } from './shown-fault.ts'

const METHODS = ['log', 'info', 'warn', 'error', 'debug'] as const
const PATIENCE_MS = 20_000

/** What a program writes to the console, in place of the console. */
export class ConsoleLines implements Disposable {
  readonly #lines: string[] = []
  readonly #own = METHODS.map(name => console[name])
  #read = 0
  #wake = () => {}

  constructor() {
    for (const name of METHODS)
      console[name] = (...parts: unknown[]) => {
        this.#lines.push(...format(...parts).split('\n'))
        this.#wake()
      }
  }

  /** The first of these lines that is not written within 20 s, after those before it; undefined if all are. */
  async missing(shown: readonly string[]): Promise<string | undefined> {
    const deadline = AbortSignal.timeout(PATIENCE_MS)
    for (const line of shown) {
      while (!this.#find(line)) {
        if (deadline.aborted) return line
        const { promise, resolve } = Promise.withResolvers<void>()
        this.#wake = resolve
        deadline.addEventListener('abort', () => resolve(), { once: true })
        await promise
      }
    }
    return undefined
  }

  /** What was written and is not yet found. */
  get rest(): string {
    return this.#lines.slice(this.#read).join('\n')
  }

  #find(line: string): boolean {
    const found = this.#lines.findIndex((one, index) => index >= this.#read && fits(line.trim(), one.trim()))
    if (found >= 0) this.#read = found + 1
    return found >= 0
  }

  [Symbol.dispose](): void {
    for (const [index, name] of METHODS.entries()) console[name] = this.#own[index] ?? console[name]
  }
}
