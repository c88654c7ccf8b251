import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Fate, statusOf } from './fate.ts'

/** A request that was read whole, by the number that its response has in `x-request`. */
export interface SeenRequest {
  readonly path: string
  /** The delivery's id: the beginning of `webhook-id`. */
  readonly delivery: string
  readonly at: number
  readonly fate: Fate
}

/** What a {@link FaultyReceiver} asks for each request. */
export interface ReceiverChoices {
  readonly fate: (path: string) => Fate
  /** From 0 up to 1. */
  readonly random: () => number
}

const STRAY_STATUS = 410
/** What `x-request` begins with in a response that nobody asked for; the number of the request that it came after follows. */
export const STRAY = 'stray-'
const DRIP_MS = 150
const LATE_MS = 30

/** A receiver on a bare socket, which keeps connections and does what real ones do to them. */
export class FaultyReceiver implements AsyncDisposable {
  readonly #seen: SeenRequest[]
  readonly #choices: ReceiverChoices
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer(socket => this.#read(socket))

  /** Several receivers may number their requests in one list. */
  constructor(seen: SeenRequest[], choices: ReceiverChoices) {
    this.#seen = seen
    this.#choices = choices
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #read(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined)
    let unread = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      // Whoever has given the connection up takes no request from it any more.
      if (socket.writableEnded) return void socket.destroy()
      unread += chunk
      const end = unread.indexOf('\r\n\r\n')
      const lengthBytes = Number(/^content-length: (\d+)/im.exec(unread)?.[1] ?? 0)
      if (end === -1 || unread.length < end + 4 + lengthBytes) return
      const head = unread.slice(0, end)
      unread = ''
      this.#respond(socket, head)
    })
  }

  #respond(socket: Socket, head: string): void {
    const path = head.split(' ')[1] ?? ''
    const delivery = /^webhook-id: (msg_[^_\r]+)/im.exec(head)?.[1] ?? ''
    const fate = this.#choices.fate(path)
    const number = this.#seen.push({ path, delivery, at: Date.now(), fate }) - 1
    this.#carryOut(fate, socket, number)
  }

  #carryOut(fate: Fate, socket: Socket, number: number): void {
    const status = statusOf[fate] ?? 200
    if (fate === 'hung') return
    if (fate === 'reset') socket.resetAndDestroy()
    else if (fate === 'cut') socket.end(`${responseHead(status, number, 1_000)}{"ok"`)
    else if (fate === 'dripped') drip(socket, responseHead(status, number, 1_000), '{"ok":true}')
    else if (fate === 'drippedHead') drip(socket, '', responseHead(status, number, 2))
    else socket.write(`${responseHead(status, number, 2)}{}`)
    if (fate === 'closed') setTimeout(() => socket.end(), this.#choices.random() * LATE_MS)
    if (fate === 'stray') this.#sendStray(socket, number)
  }

  /** Together with the response, or as soon as the loop comes round again. */
  #sendStray(socket: Socket, number: number): void {
    const stray = () => socket.write(responseHead(STRAY_STATUS, `${STRAY}${number}`, 0))
    if (this.#choices.random() < 0.5) stray()
    else setImmediate(stray)
  }
}

function responseHead(status: number, request: number | string, lengthBytes: number): string {
  const fields = [`x-request: ${request}`, `content-length: ${lengthBytes}`, 'content-type: application/json']
  if (status === 302) fields.push('location: /elsewhere')
  if (status === 429) fields.push('retry-after: 1')
  return `HTTP/1.1 ${status} Told\r\n${fields.join('\r\n')}\r\n\r\n`
}

/** Writes the beginning at once, and the rest byte by byte, never to its end within an attempt's time. */
function drip(socket: Socket, beginning: string, rest: string): void {
  socket.write(beginning)
  let index = 0
  const timer = setInterval(() => socket.write(rest[index++ % rest.length] ?? ''), DRIP_MS)
  socket.on('close', () => clearInterval(timer))
}
