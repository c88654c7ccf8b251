import { DefinitionError } from '../definition-error.ts'
import type { CompiledCallback } from '../operation/compiled-callback.ts'
import type { ComponentsObject } from './components-object.ts'
import { definedMembers } from './defined-members.ts'
import type { Place } from './place.ts'
import { PROBLEM_RESPONSES, PROBLEM_SCHEMAS, type ProblemName, problemResponse } from './problem-responses.ts'
import type { ReferenceObject } from './reference-object.ts'
import { SchemaComponents } from './schema-components.ts'
import { SecuritySchemes } from './security-schemes.ts'
import { WEBHOOK_HEADERS } from './webhook-headers.ts'

/** Collects what the parts of a document refer to, and the operationIds that they take. */
export class Components {
  readonly schemas: SchemaComponents = new SchemaComponents()
  readonly security: SecuritySchemes = new SecuritySchemes()
  readonly #problems = new Set<ProblemName>()
  readonly #operationIds = new Map<string, Place>()
  #webhookHeaders = false
  /** What every receiver of a callback has to know. */
  readonly receivingNote: (callback: CompiledCallback) => string

  constructor(receivingNote: (callback: CompiledCallback) => string = () => '') {
    this.receivingNote = receivingNote
  }

  /** A reference to an answer that Ringback itself gives. */
  problem(name: ProblemName): ReferenceObject {
    this.#problems.add(name)
    return { $ref: `#/components/responses/${name}` }
  }

  /** References to the headers that every callback carries. */
  webhookHeaders(): ReferenceObject[] {
    this.#webhookHeaders = true
    return Object.keys(WEBHOOK_HEADERS).map(name => ({ $ref: `#/components/parameters/${name}` }))
  }

  /** Takes an operationId for one place; a second place gets a `DefinitionError`. */
  claimOperationId(operationId: string, place: Place): void {
    const known = this.#operationIds.get(operationId)
    if (known !== undefined)
      throw new DefinitionError(
        `The operationId "${operationId}" stands for two operations, ${known.words} and ${place.words}: give one of them another "operationId"`,
      )
    this.#operationIds.set(operationId, place)
  }

  /** All that was referred to; undefined where nothing was. */
  finish(): ComponentsObject | undefined {
    const problems = (Object.keys(PROBLEM_RESPONSES) as ProblemName[]).filter(name => this.#problems.has(name))
    this.#addProblemSchemas(problems)
    const components = definedMembers({
      schemas: filled(this.schemas.finish()),
      responses: filled(Object.fromEntries(problems.map(name => [name, problemResponse(name)]))),
      parameters: this.#webhookHeaders ? structuredClone(WEBHOOK_HEADERS) : undefined,
      securitySchemes: filled(this.security.finish()),
    })
    return filled(components)
  }

  #addProblemSchemas(problems: readonly ProblemName[]): void {
    const place = { words: "Ringback's own answers", name: '' }
    if (problems.length > 0) this.schemas.add('ProblemDetails', structuredClone(PROBLEM_SCHEMAS.ProblemDetails), place)
    if (problems.includes('ValidationProblem'))
      this.schemas.add('ValidationProblem', structuredClone(PROBLEM_SCHEMAS.ValidationProblem), place)
  }
}

const filled = <T extends object>(members: T): T | undefined =>
  Object.keys(members).length === 0 ? undefined : members
