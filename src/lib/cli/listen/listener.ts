import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { errorCode } from '../../error-code.ts'
import { CommandError } from '../command-error.ts'
import { forwardRequest } from './forward-request.ts'
import { type Accepted, type Judge, judgeRequest } from './judge-request.ts'
import { type MisbehaveScript, redirectPath, type StepVerdict } from './misbehaviour.ts'
import { readBody } from './read-body.ts'
import type { Handled, Judged, Received, Reply } from './received.ts'
import type { RecordFile } from './record-file.ts'
import { declaredReply, problem } from './replies.ts'

/** How a listener treats what is as it must be, and who is told. */
export interface ListenerOptions {
  readonly judge: Judge
  readonly delayMs: number
  /** The first requests, or all of them, get this status. */
  readonly fail?: { readonly status: number; readonly times: number } | undefined
  readonly forward?: URL | undefined
  readonly script?: MisbehaveScript | undefined
  readonly record?: RecordFile | undefined
  onHandled(handled: Handled): void
  onVerdict(verdict: StepVerdict): void
  onNote(text: string): void
}

const mostConnections = 100
const headersMs = 10_000
const requestMs = 30_000

/** A server that receives callbacks and webhooks, tells what it makes of them, and responds as the document declares. */
export class Listener {
  readonly #options: ListenerOptions
  readonly #server: Server
  readonly #closing = new AbortController()
  #count = 0
  #failed = 0

  constructor(options: ListenerOptions) {
    this.#options = options
    this.#server = createServer({ headersTimeout: headersMs, requestTimeout: requestMs }, (request, response) => {
      // A sender that goes away is told of by its next request.
      response.on('error', () => {})
      void this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.maxConnections = mostConnections
  }

  /** Gives its own address. */
  async listen(port: number, host: string): Promise<string> {
    this.#server.listen(port, host)
    try {
      await once(this.#server, 'listening')
    } catch (error) {
      const isTaken = errorCode(error) === 'EADDRINUSE'
      if (isTaken) throw new CommandError(`The port ${port} is taken: give another with --port, or end what uses it`)
      throw new CommandError(`Nothing can listen on ${host}:${port}: ${(error as Error).message}`)
    }
    const { address, port: bound, family } = this.#server.address() as AddressInfo
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`
  }

  async close(): Promise<void> {
    this.#closing.abort()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now()
    const { method = 'GET', url: target = '/', headers } = request
    this.#count += 1
    const head = { number: this.#count, at: this.#options.judge.now(), method, target, headers }
    const body = await readBody(request)
    const received = { ...head, body: body ?? new Uint8Array() }
    const judged = body === undefined ? this.#send(tooLarge(), response) : await this.#judge(received, response)
    const handled = { received, judged, tookMs: performance.now() - started }
    this.#options.onHandled(handled)
    if ((await this.#options.record?.add(received)) === false)
      this.#options.onNote('The record file has its full size: nothing more is recorded')
  }

  /** Judges and responds. */
  async #judge(received: Received, response: ServerResponse): Promise<Judged> {
    const { judge, script } = this.#options
    if (script !== undefined && received.target === redirectPath) this.#options.onVerdict(script.followed())
    const judged = judgeRequest(received, judge)
    if ('reply' in judged) return this.#send(judged, response)
    const { id, route } = judged
    if (id !== undefined) judge.known.claim(id, received.number)
    const accepted = await this.#accept(judged, received, response)
    if (id !== undefined) judge.known.end(id, response.writableEnded ? accepted.reply : unsent)
    return { ...accepted, route, id }
  }

  async #accept({ route, id }: Accepted, received: Received, response: ServerResponse): Promise<Judged> {
    const { script, fail, forward, delayMs } = this.#options
    const played = script?.next(id ?? String(received.number))
    if (played !== undefined && 'waitMs' in played) return this.#play(played, () => declaredReply(route), response)
    if (played !== undefined) this.#options.onVerdict(played)
    await this.#wait(delayMs, response)
    if (fail !== undefined && this.#failed < fail.times) {
      this.#failed += 1
      const words = `valid, but asked to fail (${this.#failed}${Number.isFinite(fail.times) ? ` of ${fail.times}` : ''})`
      return this.#send({ reply: problem(fail.status, words), words, isAccepted: true }, response)
    }
    const reply = forward === undefined ? await declaredReply(route) : await forwardRequest(forward, received)
    const words = forward === undefined ? 'valid' : `valid, forwarded to ${forward.origin}`
    return this.#send({ reply, words, isAccepted: true }, response)
  }

  async #play(
    { step, waitMs, reply, isCut }: Extract<ReturnType<MisbehaveScript['next']>, { waitMs: number }>,
    usual: () => Promise<Reply>,
    response: ServerResponse,
  ): Promise<Judged> {
    const words = `valid, and played: ${step}`
    if (step !== 'slow') return this.#send({ reply: reply!, words, isAccepted: true }, response, isCut)
    const started = performance.now()
    await this.#wait(waitMs, response)
    const gaveUp = response.destroyed
    this.#options.onVerdict(this.#options.script!.endSlow(performance.now() - started, gaveUp))
    return this.#send({ reply: await usual(), words, isAccepted: true }, response)
  }

  /** Until the time is over, the sender has gone, or the listener closes. */
  async #wait(delayMs: number, response: ServerResponse): Promise<void> {
    if (delayMs <= 0) return
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    await wait(delayMs, undefined, { signal: AbortSignal.any([gone.signal, this.#closing.signal]) }).catch(() => {})
  }

  #send(judged: Judged, response: ServerResponse, isCut = false): Judged {
    const { status, headers, body } = judged.reply
    if (response.destroyed) return judged
    if (isCut) {
      response.writeHead(status, { ...headers, 'content-length': body.length * 10 })
      response.write(body, () => response.destroy())
    } else {
      response.writeHead(status, headers)
      response.end(status === 204 || status === 304 ? undefined : body)
    }
    return judged
  }
}

/** What did not get to the sender is not what it gets again. */
const unsent: Reply = { status: 0, headers: {}, body: new Uint8Array() }

function tooLarge(): Judged {
  const words = 'The body is larger than the 1 MiB that are read'
  const reply = problem(413, words)
  // What is left of the request is not read.
  return { reply: { ...reply, headers: { ...reply.headers, connection: 'close' } }, words, isAccepted: false }
}
