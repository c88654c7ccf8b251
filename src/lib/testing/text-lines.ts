/**
 * The lines of a streamed text as they come, without their ends. A last one without an end is given only with `last`.
 * Whoever stops reading ends the stream.
 */
export async function* textLines(response: Response, end: RegExp, last: boolean): AsyncGenerator<string, void> {
  let text = ''
  if (response.body === null) return
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    text += piece
    // The second half of a line's end may still come.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text
    const lines = whole.split(end)
    text = (lines.pop() ?? '') + text.slice(whole.length)
    yield* lines
  }
  if (last && text !== '') yield text
}
