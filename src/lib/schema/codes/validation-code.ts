/** All codes. Most are the keyword of JSON Schema that the value breaks; one that several break has the first of them. */
export const VALIDATION_CODES = [
  'required',
  'type',
  'enum',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'additionalProperties',
  'repeated',
  'destination',
  'invalid',
] as const

/**
 * What is wrong at one place of a request, for programs: the same for all schema libraries, and never another for the
 * same mistake. Most codes are the keyword of JSON Schema that the value breaks. `repeated` is a parameter that was given
 * more than once, `destination` a callback URL to which nothing may be sent, `invalid` anything else.
 *
 * @example
 * ```ts
 * import type { ValidationCode } from 'ringback'
 *
 * const words: Partial<Record<ValidationCode, string>> = { required: 'Bitte ausfüllen', type: 'Das passt hier nicht' }
 * console.log(words.required) // Bitte ausfüllen
 * ```
 */
export type ValidationCode = (typeof VALIDATION_CODES)[number]
