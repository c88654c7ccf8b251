import { WebSocket } from 'ws'

const PATIENCE_MS = 20_000

/**
 * What `npx wscat -c ws://…` shows in a terminal. The first line of `shown` is the command, a line that begins with `> ` is
 * sent, and for each other one a message (`< …`), the end (`Disconnected …`) or an error is waited for. Gives the same
 * lines with what has come.
 */
export async function playedSocket(shown: string, port: number): Promise<string> {
  const [command = '', ...lines] = shown.split('\n')
  const [, host, target] = /^\$ npx wscat -c '?ws:\/\/([^/]+)(\/[^' ]*)'?$/.exec(command) ?? []
  if (host === undefined)
    throw new Error(`A block "console" begins with "$ npx wscat -c 'ws://localhost:8000/…'", not with "${command}"`)
  const terminal = new Terminal(new WebSocket(`ws://127.0.0.1:${port}${target}`, { headers: { host } }))
  const played = [command]
  for (const line of lines) {
    if (line.startsWith('> ')) await terminal.send(line.slice(2))
    played.push(line.startsWith('> ') ? line : await terminal.next())
  }
  terminal.end()
  return played.join('\n')
}

/** The lines that wscat writes about a socket. */
class Terminal {
  readonly #socket: WebSocket
  readonly #lines: string[] = []
  readonly #opened = Promise.withResolvers<void>()
  #wake = () => {}

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('open', () => this.#opened.resolve())
    socket.on('message', data => this.#write(`< ${data}`))
    socket.on('close', (code, reason) => this.#write(`Disconnected (code: ${code}, reason: "${reason}")`))
    socket.on('error', error => this.#write(`error: ${error.message}`))
  }

  async send(text: string): Promise<void> {
    await this.#opened.promise
    this.#socket.send(text)
  }

  /** The next line; empty where none comes within 20 s. */
  async next(): Promise<string> {
    const deadline = AbortSignal.timeout(PATIENCE_MS)
    while (this.#lines.length === 0 && !deadline.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      deadline.addEventListener('abort', () => resolve(), { once: true })
      await promise
    }
    return this.#lines.shift() ?? ''
  }

  end(): void {
    this.#socket.terminate()
  }

  #write(line: string): void {
    this.#lines.push(line)
    this.#opened.resolve()
    this.#wake()
  }
}
