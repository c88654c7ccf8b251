import { STATUS_CODES } from '../node-http.ts'
import { NO_CONTENT } from './no-content.ts'
import type { ResponseHeaders, WholeResponse } from './request-view.ts'

/** The media type of a problem (RFC 9457, section 3). */
export const PROBLEM_TYPE = 'application/problem+json'

const OF_PROBLEMS = { 'content-type': PROBLEM_TYPE, 'x-content-type-options': 'nosniff' }

/** A problem as a response: `type`, `title`, `status`, `detail` and further members. */
export function problemResponse(
  status: number,
  detail: string | undefined,
  extra: Readonly<Record<string, unknown>> = {},
  headers: Readonly<ResponseHeaders> = {},
): WholeResponse {
  if (NO_CONTENT.has(status)) return { status, headers: { ...headers }, body: undefined }
  const problem = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...extra }
  return { status, headers: { ...OF_PROBLEMS, ...headers }, body: JSON.stringify(problem) }
}
