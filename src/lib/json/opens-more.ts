const QUOTE = 0x22
const BACKSLASH = 0x5c
const BRACKET = 0x5b
const BRACE = 0x7b

/**
 * Whether JSON text opens more than `most` objects and lists, which are as many values: told before it is parsed, since
 * the parser needs a hundred bytes of memory for each `[` that is open.
 */
export function opensMore(json: Uint8Array, most: number): boolean {
  if (json.length <= most) return false
  let opened = 0
  let inText = false
  for (let index = 0; index < json.length; index++) {
    const byte = json[index]
    if (byte === QUOTE) inText = !inText
    else if (inText && byte === BACKSLASH) index++
    else if (!inText && (byte === BRACKET || byte === BRACE) && ++opened > most) return true
  }
  return false
}
