import { escapeControlsInLines } from '../log/escape-controls.ts'
import { bodyText } from './body-text.ts'

/** A body as a terminal shows it, below what it belongs to: nothing of it can move the cursor. */
export function bodyLines(body: Uint8Array): string[] {
  if (body.length === 0) return []
  const text = bodyText(body)
  if (text === undefined) return [`  (${body.length} bytes that are not text)`]
  return escapeControlsInLines(text)
    .split('\n')
    .map(line => `  ${line}`)
}
