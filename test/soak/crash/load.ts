import { setTimeout as delay } from 'node:timers/promises'
import type { Acknowledgement } from './ledger.ts'

/** The options of the load. */
export interface LoadOptions {
  readonly clients: number
  /** Requests of each client, as long as the servers keep up. */
  readonly requestsPerSecond: number
  /** The servers that are up at the moment. */
  readonly servers: () => readonly string[]
  readonly callbackUrl: (random: () => number) => string
  readonly random: () => number
}

/** Clients that send invoices until they are stopped, each one request at a time. */
export class Load {
  readonly acknowledged: Acknowledgement[] = []
  /** Requests without a response: a server was killed, or none was up. */
  withoutResponse = 0
  /** Responses other than 200, by status. */
  readonly refused = new Map<number, number>()
  readonly #options: LoadOptions
  readonly #clients: Promise<void>[]
  #stopped = false

  constructor(options: LoadOptions) {
    this.#options = options
    this.#clients = Array.from({ length: options.clients }, (_, client) => this.#run(client))
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#clients)
  }

  async #run(client: number): Promise<void> {
    const { requestsPerSecond } = this.#options
    for (let count = 0; !this.#stopped; count++) {
      const pause = delay(1000 / requestsPerSecond)
      await this.#send(`c${client}n${count}`)
      await pause
    }
  }

  async #send(invoice: string): Promise<void> {
    const { servers, callbackUrl, random } = this.#options
    const up = servers()
    const server = up[Math.floor(random() * up.length)]
    const query = new URLSearchParams({ callback_url: callbackUrl(random) })
    try {
      if (server === undefined) throw new Error('No server is up')
      const response = await fetch(`${server}/invoices/?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: invoice }),
        signal: AbortSignal.timeout(10_000),
      })
      if (response.status !== 200) return void this.#countRefused(response)
      const body = await response.json().catch(() => undefined)
      this.acknowledged.push({ invoice, delivery: (body as { delivery: string } | undefined)?.delivery })
    } catch {
      this.withoutResponse++
    }
  }

  #countRefused({ status }: Response): void {
    this.refused.set(status, (this.refused.get(status) ?? 0) + 1)
  }
}
