import { HttpError } from '../../http/http-error.ts'
import { type ServerSentEvent, serverSentEvent } from '../../operation/bodies/event-stream.ts'
import type { ConsoleSource } from './console-source.ts'
import { type Overview, readOverview, readTrouble, type Trouble } from './overview.ts'

/** What a page shows above its list. */
export interface Shown extends Overview, Trouble {}

const MOST_WATCHERS = 32
const RETRY_MS = 1_000
const LOOK_EVERY_MS = 1_000
/** Then the page connects again and passes `docs.authorize` anew. */
const LONGEST_WATCH_MS = 300_000
const TROUBLE_EVERY_MS = 5_000

/** Reads the state of all deliveries once for everybody who watches, and only while somebody does. */
export class OverviewFeed {
  readonly #source: ConsoleSource
  readonly #waiting = new Set<() => void>()
  #watchers = 0
  #version = 0
  #text = ''
  #shown: { readonly at: number; readonly value: Promise<Shown> } | undefined
  #trouble: { readonly at: number; readonly value: Promise<Trouble> } | undefined
  /** Since when the store cannot be read. */
  #awaySince: number | undefined
  #latest: Shown | undefined
  #cancelTimer: () => void = () => {}

  constructor(source: ConsoleSource) {
    this.#source = source
  }

  /** The state of at most a second ago. */
  now(): Promise<Shown> {
    const at = this.#source.clock.now()
    const known = this.#shown
    if (known !== undefined && at - known.at >= 0 && at - known.at < LOOK_EVERY_MS) return known.value
    const value = this.#read(at)
    this.#shown = { at, value }
    value.catch(() => {
      this.#shown = undefined
    })
    return value
  }

  /** Forgets what was read: an action has changed it. */
  changed(): void {
    this.#shown = undefined
    this.#trouble = undefined
  }

  /** The state whenever it changes, at most once a second. Throws an `HttpError` 503 where too many watch. */
  watch(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    if (this.#watchers >= MOST_WATCHERS)
      throw new HttpError(503, 'Too many pages watch: close one of them', { headers: { 'retry-after': '30' } })
    return this.#changes(signal)
  }

  async *#changes(signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    this.#watchers++
    let wake = () => {}
    const changed = () => wake()
    this.#waiting.add(changed)
    signal.addEventListener('abort', changed)
    const { clock } = this.#source
    const endsAt = clock.now() + LONGEST_WATCH_MS
    const cancelEnd = clock.setTimer(changed, LONGEST_WATCH_MS)
    try {
      if (this.#watchers === 1 || this.#version === 0) await this.#look()
      for (let seen = -1; !signal.aborted && clock.now() < endsAt; ) {
        const next = new Promise<void>(resolve => {
          wake = resolve
        })
        if (seen === this.#version) await next
        else {
          seen = this.#version
          yield this.#event()
        }
      }
    } finally {
      cancelEnd()
      this.#waiting.delete(changed)
      signal.removeEventListener('abort', changed)
      this.#watchers--
      if (this.#watchers === 0) this.#cancelTimer()
    }
  }

  #event(): ServerSentEvent {
    return this.#awaySince === undefined
      ? serverSentEvent(this.#latest, { event: 'overview', retryMs: RETRY_MS })
      : serverSentEvent({ awaySince: this.#awaySince }, { event: 'store' })
  }

  async #look(): Promise<void> {
    try {
      const shown = await this.now()
      const text = JSON.stringify(shown)
      const isNews = text !== this.#text || this.#awaySince !== undefined
      this.#latest = shown
      this.#text = text
      this.#awaySince = undefined
      if (isNews) this.#tell()
    } catch {
      const isNews = this.#awaySince === undefined
      this.#awaySince ??= this.#source.clock.now()
      if (isNews) this.#tell()
    }
    this.#cancelTimer()
    if (this.#watchers > 0) this.#cancelTimer = this.#source.clock.setTimer(() => void this.#look(), LOOK_EVERY_MS)
  }

  #tell(): void {
    this.#version++
    for (const wake of this.#waiting) wake()
  }

  async #read(at: number): Promise<Shown> {
    const known = this.#trouble
    if (known === undefined || at - known.at >= TROUBLE_EVERY_MS || at < known.at) {
      const value = readTrouble(this.#source)
      this.#trouble = { at, value }
      value.catch(() => {
        this.#trouble = undefined
      })
    }
    const [overview, trouble] = await Promise.all([readOverview(this.#source), this.#trouble!.value])
    // What was counted earlier may have been sent meanwhile.
    return { ...overview, ...trouble, retrying: Math.min(trouble.retrying, overview.counts.scheduled) }
  }
}
