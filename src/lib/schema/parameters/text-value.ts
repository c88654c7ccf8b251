import type { TextReading } from './text-reading.ts'

/** JSON's own grammar for a number (RFC 8259, section 6). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const INTEGER = /^-?\d+$/

/** In any case of their letters. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
  ['on', true],
  ['off', false],
  ['yes', true],
  ['no', false],
])
const LONGEST_BOOLEAN = 5

/**
 * Reads text as the number or boolean that a schema asks for. Text stays text where the schema takes text, and where it
 * is not a number or boolean: the validation then says what was expected.
 */
export function textValue(text: string, reading: TextReading): string | number | boolean {
  if (reading.text || reading.texts.has(text)) return text
  const number = reading.number ? numberOf(text) : undefined
  if (number !== undefined) return number
  if (!reading.boolean || text.length > LONGEST_BOOLEAN) return text
  return BOOLEANS.get(text) ?? BOOLEANS.get(text.toLowerCase()) ?? text
}

/**
 * The number; undefined where the text is not a number, is beyond a double's range, or has digits that a double would
 * change.
 */
function numberOf(text: string): number | undefined {
  const number = Number(text)
  if (String(number) === text) return Number.isFinite(number) ? number : undefined
  if (!Number.isFinite(number) || !NUMBER.test(text)) return undefined
  return Number.isSafeInteger(number) || !INTEGER.test(text) ? number : undefined
}
