/** Checks the data of one item, removes what is not declared, and gives what may be sent. */
export type CheckItem = (data: unknown) => unknown

/** How the items of one kind of stream are written. */
export interface StreamFormat {
  readonly mediaType: string
  /** What is sent with the headers of the response. */
  readonly headers: Readonly<Record<string, string>>
  /** One item on the wire. Throws what `check` throws. */
  encode(item: unknown, check: CheckItem): Promise<string | Uint8Array>
  /** What is sent while nothing comes, so that nobody between takes the connection for dead. */
  readonly keepAlive?: { readonly text: string; readonly afterMs: number } | undefined
  /** What is sent last where the server ends the stream. */
  readonly farewell?: string | undefined
}
