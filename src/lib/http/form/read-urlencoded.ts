import { HttpError } from '../http-error.ts'
import { parseQuery } from '../parse-query.ts'
import type { FormFields, FormLimits } from './form.ts'
import { fieldTooLarge, tooMany } from './form-too-large.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a form as `application/x-www-form-urlencoded`. Throws an `HttpError`: 400 for bytes that are not UTF-8, 413 over a
 * limit.
 */
export function readUrlencoded(bytes: Uint8Array, { maxFields, maxPartBytes }: Required<FormLimits>): FormFields {
  let fields = 0
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(AMPERSAND, start)
    const end = next < 0 ? bytes.length : next
    if (end - start > maxPartBytes) throw fieldTooLarge(maxPartBytes)
    if (end > start) fields += 1
    if (fields > maxFields) throw tooMany(maxFields, 'field')
    start = end + 1
  }
  try {
    return parseQuery(decoder.decode(bytes))
  } catch (error) {
    throw new HttpError(400, 'The body is not UTF-8 text', { cause: error })
  }
}

const AMPERSAND = 0x26
