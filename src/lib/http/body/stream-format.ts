/** Checks the data of one item, removes undeclared properties, and gives what may be sent, or a promise of it. */
export type CheckItem = (data: unknown) => unknown

/** How the items of one kind of stream are written. */
export interface StreamFormat {
  readonly mediaType: string
  /** Sent together with the headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  /** One item on the wire; a promise only where `check` gives one. Throws what `check` throws. */
  encode(item: unknown, check: CheckItem): string | Uint8Array | Promise<string | Uint8Array>
  /**
   * One item as OpenAPI 3.2 sees it, where that is more than its data ("Sequential Media Types"). Without this it is the
   * data.
   */
  describeItem?<Schema>(data: Schema): object
  /** Sent during a silence, so that no proxy takes the connection for dead. */
  readonly keepAlive?: { readonly text: string; readonly afterMs: number } | undefined
  /** Sent last when the server ends the stream. */
  readonly farewell?: string | undefined
}
