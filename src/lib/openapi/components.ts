import { DefinitionError } from '../definition/definition-error.ts'
import type { CompiledMessage } from '../operation/compiled/compiled-message.ts'
import { problem } from '../operation/problem.ts'
import { compileSchema } from '../schema/compiled-schema.ts'
import { definedMembers } from './defined-members.ts'
import type { OpenApiVersion } from './document-info.ts'
import type { ComponentsObject } from './objects/components-object.ts'
import type { ReferenceObject } from './objects/reference-object.ts'
import type { Place } from './place.ts'
import { PROBLEM_RESPONSES, type ProblemName, problemResponseObject, VALIDATION_PROBLEM } from './problem-responses.ts'
import { SchemaComponents } from './schemas/schema-components.ts'
import { SecuritySchemes } from './security-schemes.ts'
import { WEBHOOK_HEADERS, type WebhookIdName, webhookHeaderNames } from './webhook-headers.ts'

/** What the document says about a message that we send. */
export interface ReceivingTexts {
  /** What every receiver of a callback has to know. */
  note(message: CompiledMessage): string
  /** The same for a webhook. */
  webhookNote(message: CompiledMessage): string
  /** The same for a webhook and for machines. */
  webhookDelivery(message: CompiledMessage): object
  /** The statuses that end a delivery, as keys of responses. */
  finalStatuses(message: CompiledMessage): readonly string[]
}

const NOTHING: ReceivingTexts = {
  note: () => '',
  webhookNote: () => '',
  webhookDelivery: () => ({}),
  finalStatuses: () => [],
}

/** Collects the components that the parts of a document refer to, and the operationIds that are in use. */
export class Components {
  readonly schemas: SchemaComponents = new SchemaComponents()
  readonly security: SecuritySchemes = new SecuritySchemes()
  readonly #problems = new Set<ProblemName>()
  #validationProblem = false
  readonly #operationIds = new Map<string, Place>()
  readonly #webhookHeaders = new Set<string>()
  /** What the document tells receivers about the messages we send. */
  readonly receiving: ReceivingTexts

  /** The OpenAPI version of the document. */
  readonly version: OpenApiVersion

  constructor(receiving: ReceivingTexts = NOTHING, version: OpenApiVersion = '3.1') {
    this.receiving = receiving
    this.version = version
  }

  /** A response of Ringback itself. */
  ownResponse(name: ProblemName): ReturnType<typeof problemResponseObject> {
    if (PROBLEM_RESPONSES[name].schema === 'ValidationProblem') this.#validationProblem = true
    return problemResponseObject(name)
  }

  /** A reference to a response of Ringback itself. */
  problem(name: ProblemName): ReferenceObject {
    this.ownResponse(name)
    this.#problems.add(name)
    return { $ref: `#/components/responses/${name}` }
  }

  /** References to the headers that every callback has, or every webhook. */
  webhookHeaders(id: WebhookIdName): ReferenceObject[] {
    const names = webhookHeaderNames(id)
    for (const name of names) this.#webhookHeaders.add(name)
    return names.map(name => ({ $ref: `#/components/parameters/${name}` }))
  }

  /** Reserves an operationId for one place. A second place that wants it gets a `DefinitionError`. */
  claimOperationId(operationId: string, place: Place): void {
    const known = this.#operationIds.get(operationId)
    if (known !== undefined)
      throw new DefinitionError(
        `The operationId "${operationId}" is used for two operations, ${known.words} and ${place.words}: give one of them another "operationId"`,
      )
    this.#operationIds.set(operationId, place)
  }

  /** The components that were referred to; undefined if there are none. */
  finish(): ComponentsObject | undefined {
    const problems = (Object.keys(PROBLEM_RESPONSES) as ProblemName[]).filter(name => this.#problems.has(name))
    this.#addProblemSchemas()
    const headers = Object.entries(WEBHOOK_HEADERS).filter(([name]) => this.#webhookHeaders.has(name))
    const components = definedMembers({
      schemas: filled(this.schemas.finish()),
      responses: filled(Object.fromEntries(problems.map(name => [name, problemResponseObject(name)]))),
      parameters: filled(structuredClone(Object.fromEntries(headers))),
      securitySchemes: filled(this.security.finish(this.version)),
    })
    return filled(components)
  }

  #addProblemSchemas(): void {
    const place = { words: "Ringback's own responses", name: '' }
    const details = compileSchema(problem(), place.words)
    if (this.#problems.size > 0)
      for (const side of ['input', 'output'] as const) this.schemas.schema(details, side, place)
    if (this.#validationProblem) this.schemas.add('ValidationProblem', structuredClone(VALIDATION_PROBLEM), place)
  }
}

const filled = <T extends object>(members: T): T | undefined =>
  Object.keys(members).length === 0 ? undefined : members
