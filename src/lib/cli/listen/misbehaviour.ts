import type { Reply } from './received.ts'
import { problem } from './replies.ts'

/** What a receiver does wrong on purpose, to show what its sender makes of it. */
export type Misbehaviour = 'slow' | 'gone' | 'limited' | 'redirect' | 'cut'

/** How a step of the script ends a request: after a wait, or by a reply that may be cut. */
export interface Played {
  readonly step: Misbehaviour
  readonly waitMs: number
  readonly reply: Reply | undefined
  readonly isCut: boolean
}

/** What became of a step. */
export interface StepVerdict {
  readonly step: Misbehaviour
  readonly words: string
}

const order: readonly Misbehaviour[] = ['slow', 'gone', 'limited', 'redirect', 'cut']
const retryAfterSeconds = 2
/** Where the redirect leads: only who follows it comes there. */
export const redirectPath = '/ringback-redirect'

/** Plays each misbehaviour for one message, and tells what the sender does next. */
export class MisbehaveScript {
  readonly #slowMs: number
  readonly #now: () => number
  readonly #played = new Map<string, { readonly step: Misbehaviour; readonly at: number }>()
  readonly #verdicts = new Map<Misbehaviour, string>()

  constructor(slowMs: number, now: () => number) {
    this.#slowMs = slowMs
    this.#now = now
  }

  /** What is played for a message that is new, undefined once every step was; a message that comes again gives a verdict. */
  next(id: string): Played | StepVerdict | undefined {
    const before = this.#played.get(id)
    if (before !== undefined) return this.#seenAgain(before)
    const step = order[this.#played.size]
    if (step === undefined) return undefined
    this.#played.set(id, { step, at: this.#now() })
    return { step, waitMs: step === 'slow' ? this.#slowMs : 0, reply: replies[step], isCut: step === 'cut' }
  }

  /** The sender of the slow response ended the connection, or waited for it. */
  endSlow(tookMs: number, gaveUp: boolean): StepVerdict {
    const seconds = (tookMs / 1_000).toFixed(1)
    return this.#judge('slow', gaveUp ? `gave up after ${seconds} s` : `waited ${seconds} s for the response`)
  }

  followed(): StepVerdict {
    return this.#judge('redirect', 'followed it: whoever answers there gets what was signed for somebody else')
  }

  /** Every step with what is known of it. */
  summary(): StepVerdict[] {
    const times = new Map([...this.#played.values()].map(({ step, at }) => [step, at]))
    return order.map(step => {
      const at = times.get(step)
      const pending = at === undefined ? 'not played: no further message came' : this.#pending(step, at)
      return { step, words: this.#verdicts.get(step) ?? pending }
    })
  }

  #pending(step: Misbehaviour, at: number): string {
    const since = `in the ${((this.#now() - at) / 1_000).toFixed(0)} s since`
    return step === 'gone' ? `did not send it again ${since}, as 410 asks` : `did not send it again ${since}`
  }

  #seenAgain({ step, at }: { readonly step: Misbehaviour; readonly at: number }): StepVerdict | undefined {
    const known = this.#verdicts.get(step)
    if (known !== undefined && step !== 'slow') return undefined
    const elapsedMs = this.#now() - at
    const after = `sent it again after ${(elapsedMs / 1_000).toFixed(1)} s`
    const first = known === undefined ? '' : `${known}, `
    return known?.includes('sent it again') ? undefined : this.#judge(step, first + judgements[step](after, elapsedMs))
  }

  #judge(step: Misbehaviour, words: string): StepVerdict {
    this.#verdicts.set(step, words)
    return { step, words }
  }
}

const replies: Readonly<Record<Misbehaviour, Reply | undefined>> = {
  slow: undefined,
  gone: problem(410, 'The receiver does not want this any more'),
  limited: withHeader(problem(429, 'Too many requests'), 'retry-after', String(retryAfterSeconds)),
  redirect: withHeader(problem(307, 'The receiver has moved'), 'location', redirectPath),
  cut: { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"ok":') },
}

function withHeader(reply: Reply, name: string, value: string): Reply {
  return { ...reply, headers: { ...reply.headers, [name]: value } }
}

const judgements: Readonly<Record<Misbehaviour, (after: string, elapsedMs: number) => string>> = {
  slow: after => after,
  gone: after => `${after}, although 410 asks to stop`,
  limited: (after, elapsedMs) =>
    elapsedMs < retryAfterSeconds * 1_000
      ? `${after}, earlier than "Retry-After: ${retryAfterSeconds}" asks`
      : `${after}, as "Retry-After: ${retryAfterSeconds}" asks`,
  redirect: after => `did not follow it, and ${after}`,
  cut: after => after,
}
