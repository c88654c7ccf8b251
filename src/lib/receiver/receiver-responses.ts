import { HttpError } from '../http/http-error.ts'
import { problemResponse } from '../http/problem-details.ts'
import type { StoredResponse } from './dedupe/dedupe.ts'

/** The response that a handler gave, now or before. */
export const responseOfStored = ({ status, headers, body }: StoredResponse): Response =>
  new Response(body ?? null, { status, headers: { 'cache-control': 'no-store', ...headers } })

/** The problem of an error: nothing of what went wrong inside. */
export function responseOfError(error: unknown): Response {
  const { status, headers, body } =
    error instanceof HttpError
      ? problemResponse(error.status, error.message, error.extra, error.headers)
      : problemResponse(500, 'The message could not be handled')
  return new Response((body as string | undefined) ?? null, { status, headers: headers as Record<string, string> })
}
