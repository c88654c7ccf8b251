import type { JsonType } from './json-schema.ts'

/** JSON's own grammar for a number (RFC 8259, section 6). */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false }

/**
 * Reads text as the number or boolean that a schema asks for. Text stays text where the schema takes text, and where
 * it is no number or boolean: the validation then says what was expected.
 */
export function textValue(text: string, types: ReadonlySet<JsonType>): string | number | boolean {
  if (types.has('string')) return text
  if (types.has('number') && NUMBER.test(text)) return Number(text)
  if (types.has('boolean') && Object.hasOwn(BOOLEANS, text)) return BOOLEANS[text]!
  return text
}
