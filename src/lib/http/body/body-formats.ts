import type { WholeBodyFormat } from './body-format.ts'
import { JSON_BODY } from './json-body.ts'

/** One row for each way in which a body is read, written and described. */
export const BODY_FORMATS = { json: JSON_BODY } as const satisfies Readonly<Record<string, WholeBodyFormat>>
