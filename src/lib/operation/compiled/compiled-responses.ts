import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { NO_CONTENT } from '../../http/no-content.ts'
import type { Schema } from '../../schema/schema.ts'
import type { ResponseSchema } from '../bodies/response-choice.ts'
import type { AnyDefinition } from '../definition.ts'
import { problem } from '../problem.ts'
import type { ResponseDeclaration, Responses } from '../responses.ts'
import { type CompiledContent, compileContent, compileContents } from './compiled-content.ts'
import { compileParameterGroups, type ParameterGroup } from './parameter-group.ts'

/** One response, compiled. */
export interface CompiledResponse extends CompiledContent {
  readonly status: number
  readonly description: string | undefined
  /** The contents from which a client chooses, this one among them; undefined where there is only this. */
  readonly choices: readonly CompiledContent[] | undefined
  readonly headers: ParameterGroup | undefined
  /** The main response of an operation that says nothing of it. */
  readonly isImplied: boolean
  /** An error that is declared without a body: its body is a problem. */
  readonly impliesProblem: boolean
}

type DeclaredMain = Pick<AnyDefinition, 'response' | 'status' | 'responseHeaders' | 'responseDescription' | 'responses'>
type Checked = { readonly [K in 'response' | 'status' | 'responses']?: AnyDefinition[K] | undefined }

const DECLARATION_NAMES: Readonly<Record<keyof ResponseDeclaration, true>> = {
  description: true,
  body: true,
  headers: true,
}

/** Refuses impossible responses: the run-time twin of `CheckResponses` and `CheckStatus`. */
export function checkResponses({ response, status, responses = {} }: Checked, place: string): void {
  if (response !== undefined && status !== undefined && NO_CONTENT.has(status))
    throw new DefinitionError(
      `A response with status ${status} has no body: remove "response" of ${place}, or its "status"`,
    )
  if (status !== undefined && Object.hasOwn(responses, status))
    throw new DefinitionError(
      `"responses" of ${place} contains ${status}, the status of the main response: remove it there`,
    )
  checkDeclarations(responses, place)
}

/** Refuses what is not the declaration of a response. */
function checkDeclarations(responses: Responses, place: string): void {
  for (const [code, declaration] of Object.entries(responses)) {
    if (typeof declaration !== 'object' || declaration === null || '~standard' in declaration)
      throw new DefinitionError(`"responses" of ${place} has no declaration at ${code}: write { body: schema }`)
    checkNames(declaration, DECLARATION_NAMES, `the response ${code} of ${place}`)
  }
}

/** The responses of an operation, the main one first. */
export function compileResponses(declared: DeclaredMain, inherited: Responses, place: string): CompiledResponse[] {
  const { response, responseHeaders, responseDescription } = declared
  const status = declared.status ?? (response === undefined ? 204 : 200)
  checkResponses({ ...declared, status }, place)
  checkDeclarations(inherited, place)
  const main = { description: responseDescription, body: response, headers: responseHeaders }
  const others = Object.entries({ ...inherited, ...declared.responses }).filter(([code]) => Number(code) !== status)
  const isImplied = Object.values(main).every(part => part === undefined) && declared.status === undefined
  return [
    Object.freeze({ ...compileResponse(status, main, place), isImplied }),
    ...others.map(([code, other]) => compileResponse(Number(code), other, `${place}, status ${code}`)),
  ]
}

interface Declared {
  readonly description?: string | undefined
  readonly body?: ResponseSchema | undefined
  readonly headers?: Schema | undefined
}

function compileResponse(status: number, { description, body, headers }: Declared, place: string): CompiledResponse {
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new DefinitionError(`"${status}" of ${place} is not a response status: give a number from 200 to 599`)
  if (body !== undefined && NO_CONTENT.has(status))
    throw new DefinitionError(`A response with status ${status} has no body: remove "body" of ${place}`)
  const impliesProblem = body === undefined && status >= 400
  const contents = body === undefined ? [] : compileContents(body, place)
  return Object.freeze({
    status,
    description,
    ...(contents[0] ?? compileContent(impliesProblem ? problem() : undefined, place)),
    choices: contents.length > 1 ? contents : undefined,
    headers: compileResponseHeaders(headers, `the response with status ${status} of ${place}`),
    isImplied: false,
    impliesProblem,
  })
}

/** The headers of a response, compiled as the headers of a request are. */
export const compileResponseHeaders = (headers: Schema | undefined, place: string): ParameterGroup | undefined =>
  headers && compileParameterGroups({ headers }, place, ['input', 'output'])[0]
