/**
 * What carries one HTTP request out and brings its answer back. `createGuardedTransport` gives the real one;
 * a test may stand in for the whole outside world with its own.
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
  /** Ends every idle connection. A `send` after it rejects. */
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
   * Total time in milliseconds: look-up, connection, headers and the whole body. Where it ends amid the body, `send` resolves
   * to what came.
   */
  readonly timeoutMs: number
  /**
   * Reading stops, and the connection is dropped, after this many bytes of the answer's body. What comes beside it (1xx
   * answers, header fields, the framing of chunks) may be 65,536 bytes and 8 for each byte of the body.
   */
  readonly responseLimitBytes: number
  /** Aborts the request; `send` rejects with the signal's reason, or amid the body resolves to what came. */
  readonly signal?: AbortSignal
  /**
   * Called right before the request is written; what it throws stops the attempt and is what `send` rejects with. Called
   * again where a connection that was used before ended without a byte of a response, and the request is written anew.
   */
  readonly beforeConnect?: () => void
  /** Whose request it is: no other's response is ever taken for its own. Default: that of its URL. */
  readonly destination?: Destination
}

/** What a connection is kept for: a base URL, and for whom messages go there. */
export interface Destination {
  readonly url: string
  readonly recipient: string | undefined
}

/** The answer to an {@link OutgoingRequest}. */
export interface IncomingResponse {
  readonly status: number
  /** Names in lower case; the values of a repeated header are joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /**
   * Whether there is or may be more of the body than `body`: it was longer than `responseLimitBytes`, the connection or the
   * time ended before it did, or it came over https without a length and only the connection's end says that it is complete
   * (RFC 9112 section 8).
   */
  readonly bodyTruncated: boolean
  /** The IP address that was connected to; undefined where a proxy was given the name. */
  readonly address: string | undefined
}
