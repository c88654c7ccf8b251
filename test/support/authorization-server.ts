import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What was asked for with a code. */
interface Grant {
  readonly redirectUri: string
  readonly clientId: string
  readonly scope: string
  readonly challenge: string
}

/**
 * An authorization server of another origin: who asks for a code gets it at once, and exchanges it with the proof that he
 * asked (RFC 6749, section 4.1, and RFC 7636).
 */
export class AuthorizationServer {
  readonly #server: Server
  readonly #codes = new Map<string, Grant>()

  private constructor() {
    this.#server = createServer((request, response) => void this.#respond(request, response))
  }

  static async start(): Promise<AuthorizationServer> {
    const started = new AuthorizationServer()
    await once(started.#server.listen(0, '127.0.0.1'), 'listening')
    return started
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.close().closeAllConnections()
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin)
    response.setHeader('access-control-allow-origin', '*')
    response.setHeader('access-control-allow-headers', '*, authorization')
    if (request.method === 'OPTIONS') return void response.end()
    if (pathname === '/authorize') return this.#giveCode(searchParams, response)
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    response.setHeader('content-type', 'application/json')
    const token = this.#exchange(body)
    response.statusCode = token === undefined ? 400 : 200
    response.end(
      JSON.stringify(token === undefined ? { error: 'invalid_grant' } : { access_token: token, token_type: 'bearer' }),
    )
  }

  #giveCode(asked: URLSearchParams, response: ServerResponse): void {
    const get = (name: string) => asked.get(name) ?? ''
    const code = randomUUID()
    const redirectUri = get('redirect_uri')
    this.#codes.set(code, {
      redirectUri,
      clientId: get('client_id'),
      scope: get('scope'),
      challenge: get('code_challenge_method') === 'S256' ? get('code_challenge') : '',
    })
    const location = new URL(redirectUri)
    location.search = new URLSearchParams({ code, state: get('state') }).toString()
    response.writeHead(302, { location: location.href }).end()
  }

  #exchange(body: URLSearchParams): string | undefined {
    const grant = this.#codes.get(body.get('code') ?? '')
    this.#codes.delete(body.get('code') ?? '')
    const proof = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    if (grant === undefined || proof !== grant.challenge || body.get('redirect_uri') !== grant.redirectUri)
      return undefined
    return `${body.get('client_id')} ${grant.scope}`
  }
}
