/** Bytes of a body in a form that people can read. */
export interface ShownBody {
  readonly bytes: number
  /** Undefined where the bytes are no UTF-8. */
  readonly text?: string
  /** The first bytes in hexadecimal where they are no text. */
  readonly hex?: string
}

const SHOWN_HEX_BYTES = 1_024
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The text that bytes are, else the first of them in hexadecimal. */
export function shownBody(body: Uint8Array): ShownBody {
  try {
    return { bytes: body.length, text: decoder.decode(body) }
  } catch {
    return { bytes: body.length, hex: Buffer.from(body.subarray(0, SHOWN_HEX_BYTES)).toString('hex') }
  }
}
