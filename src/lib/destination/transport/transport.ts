/**
 * Sends one HTTP request and returns its response. `createGuardedTransport` makes the real one; in a test, one of your
 * own can stand in for the whole outside world.
 *
 * @example
 * ```ts
 * import type { Transport } from 'ringback/destination'
 *
 * const everythingAccepted: Transport = {
 *   async send() {
 *     return { status: 204, headers: {}, body: new Uint8Array(), bodyTruncated: false, address: undefined }
 *   },
 *   async close() {},
 * }
 * const request = { method: 'POST', url: 'https://www.external.org/events', headers: {}, body: undefined }
 * const response = await everythingAccepted.send(request, { timeoutMs: 15_000, responseLimitBytes: 65_536 })
 * console.log(response.status) // 204
 * ```
 */
export interface Transport {
  /** Sends one request; never follows a redirect. */
  send(request: OutgoingRequest, options: TransportOptions): Promise<IncomingResponse>
  /** Closes every idle connection. A later `send` rejects. */
  close(): Promise<void>
}

/** One HTTP request as a {@link Transport} sends it: its bytes are final. */
export interface OutgoingRequest {
  readonly method: string
  /** An absolute http or https URL. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | undefined
}

/** The limits of one {@link Transport.send}. */
export interface TransportOptions {
  /**
   * Total time in milliseconds: look-up, connection, headers and the whole body. If it passes during the body, `send`
   * resolves with what came.
   */
  readonly timeoutMs: number
  /**
   * Reading stops, and the connection is dropped, after this many bytes of the response's body. What comes beside the
   * body (1xx responses, header fields, the framing of chunks) may take 65,536 bytes, and 8 more for each byte of the
   * body.
   */
  readonly responseLimitBytes: number
  /** Aborts the request: `send` rejects with the signal's reason or, during the body, resolves with what came. */
  readonly signal?: AbortSignal
  /**
   * Called right before the request is written. If it throws, the attempt stops and `send` rejects with that error.
   * Called again if a reused connection ended without a byte of a response and the request is written once more.
   */
  readonly beforeConnect?: () => void
  /** Whose request this is. It never gets a response that was meant for another one. Default: that of its URL. */
  readonly destination?: Destination
}

/** What a connection is kept for: a base URL, and the recipient of the messages that go there. */
export interface Destination {
  readonly url: string
  readonly recipient: string | undefined
}

/** The response to an {@link OutgoingRequest}. */
export interface IncomingResponse {
  readonly status: number
  /** Names are in lower case; the values of a repeated header are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /**
   * Whether the body has more bytes than `body`, or may have: it was longer than `responseLimitBytes`, the connection
   * or the time ended before it did, or it came over https without a length, so that only the end of the connection
   * says that it is complete (RFC 9112 section 8).
   */
  readonly bodyTruncated: boolean
  /** The IP address of the connection; undefined if a proxy was given the name. */
  readonly address: string | undefined
}
