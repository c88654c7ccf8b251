import type { Attempt, Deliveries, Delivery, DeliveryDetails } from '../../delivery/deliveries.ts'
import { type AttemptOutcome, isSettled } from '../../delivery/delivery-state.ts'
import { type ShownBody, shownBody } from '../shown-body.ts'

/** A delivery as the list shows it. */
export interface DeliveryRow extends Delivery {
  /** How its latest attempts ended, the first first. */
  readonly outcomes: readonly AttemptOutcome[]
  readonly lastStatus: number | undefined
}

const SHOWN_OUTCOMES = 12
const AT_ONCE = 4
const MOST_KNOWN = 1_000

type Ends = Pick<DeliveryRow, 'outcomes' | 'lastStatus'>

/** Adds to deliveries how their attempts ended. What is settled is read once. */
export class DeliveryRows {
  readonly #deliveries: Pick<Deliveries, 'get'>
  readonly #known = new Map<string, Ends>()

  constructor(deliveries: Pick<Deliveries, 'get'>) {
    this.#deliveries = deliveries
  }

  async of(items: readonly Delivery[]): Promise<DeliveryRow[]> {
    const rows: DeliveryRow[] = []
    for (let start = 0; start < items.length; start += AT_ONCE)
      rows.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(item => this.#row(item)))))
    return rows
  }

  async #row(item: Delivery): Promise<DeliveryRow> {
    if (item.attemptCount === 0) return { ...item, outcomes: [], lastStatus: undefined }
    const key = `${item.id} ${item.state} ${item.attemptCount} ${item.settledAt}`
    const known = this.#known.get(key)
    if (known !== undefined) return { ...item, ...known }
    const ends = endsOf((await this.#deliveries.get(item.id))?.attempts ?? [])
    if (isSettled(item.state)) this.#keep(key, ends)
    return { ...item, ...ends }
  }

  #keep(key: string, ends: Ends): void {
    if (this.#known.size >= MOST_KNOWN) this.#known.clear()
    this.#known.set(key, ends)
  }
}

function endsOf(attempts: readonly Attempt[]): Ends {
  const ended = attempts.filter(({ outcome }) => outcome !== undefined)
  return {
    outcomes: ended.slice(-SHOWN_OUTCOMES).map(({ outcome }) => outcome!),
    lastStatus: ended.at(-1)?.status,
  }
}

/** A delivery as its own page shows it: bodies are text. */
export interface ShownDelivery extends Omit<DeliveryDetails, 'body' | 'attempts'> {
  readonly body: ShownBody | undefined
  readonly attempts: readonly ShownAttempt[]
}

export interface ShownAttempt extends Omit<Attempt, 'responseBody'> {
  readonly responseBody: ShownBody | undefined
}

export const shownDelivery = ({ body, attempts, ...rest }: DeliveryDetails): ShownDelivery => ({
  ...rest,
  body: body && shownBody(body),
  attempts: attempts.map(({ responseBody, ...attempt }) => ({
    ...attempt,
    responseBody: responseBody && shownBody(responseBody),
  })),
})
