const strict = new TextDecoder('utf-8', { fatal: true })

/** A body as text, or undefined if its bytes are not text: not UTF-8, or with a zero among them. */
export function bodyText(body: Uint8Array): string | undefined {
  if (body.includes(0)) return undefined
  try {
    return strict.decode(body)
  } catch {
    return undefined
  }
}
