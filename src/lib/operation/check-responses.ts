import type { NoContentStatus } from '../http/no-content.ts'
import type { Schema } from '../schema/schema.ts'

/** The complaint about an impossible further response, at its status. */
export type CheckResponses<RR, ST extends number> = {
  readonly [K in keyof RR]: RR[K] extends Schema
    ? `put the schema under "body": write ${K & number}: { body: schema }`
    : number extends ST
      ? unknown
      : K extends ST
        ? `${K & number} is the status of the main response: remove it here`
        : unknown
}

/**
 * The complaint about a body in a response that has none (`NoContentStatus`). An object type, because the
 * intersection of a number and a text is `never`, which hides the words.
 */
export type CheckStatus<ST extends number, RS extends Schema> = ST extends NoContentStatus
  ? RS extends { readonly '~absent': true }
    ? unknown
    : { readonly 'a response with this status has no body': 'remove "response" or "status"' }
  : unknown
