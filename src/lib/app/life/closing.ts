import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { endsWithin } from '../../ends-within.ts'
import type { Log } from '../../log/log.ts'

/** How long `close` may take. */
export interface CloseOptions {
  /** For background work, and for attempts on their way, in milliseconds. Default: 10,000. */
  readonly graceMs?: number
  /**
   * For everything together, whatever a store, a dependency or the lifespan does, in milliseconds. Anything that has
   * not ended by then is abandoned, and named in the log. Default: 15,000, or 5,000 more than `graceMs` where that is
   * longer.
   */
  readonly closeTimeoutMs?: number
}

const CLOSE_NAMES: Readonly<Record<keyof CloseOptions, true>> = { graceMs: true, closeTimeoutMs: true }

const LEAST_CLOSE_MS = 15_000
const BEYOND_GRACE_MS = 5_000

/** The times with their defaults; the limit has the last word. Throws a `DefinitionError` for an invalid one. */
export function closeTimes({ graceMs = 10_000, closeTimeoutMs }: CloseOptions): Required<CloseOptions> {
  checkMs('graceMs', graceMs)
  if (closeTimeoutMs !== undefined) checkMs('closeTimeoutMs', closeTimeoutMs)
  const limitMs = closeTimeoutMs ?? Math.max(LEAST_CLOSE_MS, graceMs + BEYOND_GRACE_MS)
  return { graceMs: Math.min(graceMs, limitMs), closeTimeoutMs: limitMs }
}

/** The same for `close` itself, whose options may have any name in JavaScript. */
export function checkedCloseTimes(options: CloseOptions): Required<CloseOptions> {
  checkNames(options, CLOSE_NAMES, 'the options of "close"')
  return closeTimes(options)
}

function checkMs(name: string, ms: number): void {
  if (!(typeof ms === 'number' && ms >= 0))
    throw new DefinitionError(`"${name}" is ${quoted(ms)}: give a number of milliseconds, 0 or more`)
}

/** Ends one thing after the other within one time. Anything that takes longer is abandoned, and named in the log. */
export class Closing {
  readonly #endsAt: number
  readonly #log: Log

  constructor(limitMs: number, log: Log) {
    this.#endsAt = performance.now() + limitMs
    this.#log = log
  }

  /** Begins to end something, even when no time is left. Rejects if that rejects in time. */
  async step(name: string, end: () => unknown): Promise<void> {
    const ended = Promise.try(end)
    if (await endsWithin(ended, Math.max(0, this.#endsAt - performance.now()))) return
    this.#log.error(`${name} did not end in time and was abandoned`)
  }
}
