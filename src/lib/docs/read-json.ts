import { HttpError } from '../http/http-error.ts'
import type { RequestView } from '../http/request-view.ts'
import { decodeJson } from '../json/decode-json.ts'

/** The members of a request's JSON object. Throws an `HttpError` 400 for anything else. */
export async function readJson(view: RequestView): Promise<Readonly<Record<string, unknown>>> {
  const bytes = await view.readBody()
  try {
    const value = decodeJson(bytes)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {}
  throw new HttpError(400, 'The body is not a JSON object')
}

/** A member that is text, or is left out. */
export function textOf(given: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = given[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new HttpError(400, `"${name}" is not text`)
}
