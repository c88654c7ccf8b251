import type { IncomingMessage, ServerResponse } from 'node:http'
import { serveCommands } from '../process/parent.ts'
import type { ReceiverCommand, ReceiverState } from './receiver-command.ts'

const ok = Buffer.from('{"ok":true}')
const headers = { 'content-type': 'application/json', 'content-length': ok.length }

/** How a receiver handles requests: it counts them, and responds to every one with `{"ok":true}`. */
export class ExternalApi {
  #requests = 0
  #connections = 0
  #arrivalsMs: number[] = []
  #reached: { readonly requests: number; readonly tell: () => void } | undefined

  connected(): void {
    this.#connections++
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      this.#requests++
      if (request.url?.startsWith('/latency')) this.#arrivalsMs.push(sinceSent(Buffer.concat(chunks)))
      if (this.#requests === this.#reached?.requests) this.#reached.tell()
      this.take(response)
    })
  }

  take(response: ServerResponse): void {
    response.writeHead(200, headers)
    response.end(ok)
  }

  /** Answers the parent's questions. */
  serveState(): void {
    serveCommands(async ({ until, limitMs }: ReceiverCommand): Promise<ReceiverState> => {
      if (until !== undefined) await this.#requestsReach(until, limitMs)
      const state = { requests: this.#requests, connections: this.#connections, arrivalsMs: this.#arrivalsMs }
      this.#arrivalsMs = []
      return state
    })
  }

  async #requestsReach(count: number, limitMs: number): Promise<void> {
    if (this.#requests >= count) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#reached = { requests: count, tell: resolve }
    const timer = setTimeout(resolve, limitMs)
    await promise
    clearTimeout(timer)
    this.#reached = undefined
  }
}

/** The body says when it was sent, by the clock that all processes of a machine share. */
function sinceSent(body: Buffer): number {
  const { sentAt } = JSON.parse(body.toString()) as { sentAt: string }
  return Number(process.hrtime.bigint() - BigInt(sentAt)) / 1e6
}
