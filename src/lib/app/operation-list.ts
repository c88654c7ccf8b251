import { DefinitionError } from '../definition-error.ts'
import { mixedShape } from '../http/mixed-segment.ts'
import { type PathSegment, type PathTemplate, parsePathTemplate } from '../http/path-template.ts'
import { type CompiledOperation, compileOperation } from '../operation/compiled-operation.ts'
import type { Dependency } from '../operation/dependency-definition.ts'
import { idOfMethodAndPath, nameOfHandler } from '../operation/resolve-operation-id.ts'
import type { Method } from '../operation/responses.ts'
import type { RingbackOptions } from './ringback-options.ts'
import type { Registration } from './router.ts'

/** An operation with what another operationId needs. */
interface Listed {
  readonly registration: Registration
  readonly template: PathTemplate
  readonly operation: CompiledOperation
  /** Its operationId is its handler's name, which gives way to others. */
  readonly named: boolean
}

/** The operations of an app, made ready one by one as they are registered. */
export class OperationList {
  readonly #byId = new Map<string, Listed>()
  readonly #byShape = new Map<string, Listed>()
  readonly #handlerNames = new Set<string>()
  readonly #generateOperationId: RingbackOptions['generateOperationId']
  readonly #recipient: Dependency | undefined

  constructor(generateOperationId: RingbackOptions['generateOperationId'], recipient: Dependency | undefined) {
    this.#generateOperationId = generateOperationId
    this.#recipient = recipient
  }

  /** Makes an operation ready and adds it, or throws a `DefinitionError`. */
  add(registration: Registration): void {
    const { method, path, definition, handler } = registration
    const place = placeOf(registration)
    const template = parsePathTemplate(path)
    if (typeof handler !== 'function')
      throw new DefinitionError(`${place} has no handler: give a function as the last argument`)
    const given = definition.operationId ?? this.#generateOperationId?.({ method, path, handlerName: handler.name })
    const same = this.#byShape.get(shapeOf(method, template))
    if (same !== undefined)
      throw new DefinitionError(
        `${place} is there already, as "${same.template.text}": change the method or the path of one`,
      )
    const name = given === undefined ? nameOfHandler(handler.name) : undefined
    if (name === undefined) this.#add(registration, template, given ?? idOfMethodAndPath(method, template))
    else this.#addNamed(registration, template, name)
  }

  /** A handler's name that two operations want is none's, so that ids do not depend on who came first. */
  #addNamed(registration: Registration, template: PathTemplate, name: string): void {
    const contested = this.#handlerNames.has(name) || this.#byId.has(name)
    this.#handlerNames.add(name)
    if (contested) {
      this.#giveWay(name)
      this.#add(registration, template, idOfMethodAndPath(registration.method, template))
    } else this.#put(registration, template, name, true)
  }

  #add(registration: Registration, template: PathTemplate, operationId: string): void {
    this.#giveWay(operationId)
    const twin = this.#byId.get(operationId)
    if (twin !== undefined)
      throw new DefinitionError(
        `${placeOf(registration)} and ${placeOf(twin.registration)} have the operationId "${operationId}": give one of them another "operationId"`,
      )
    this.#put(registration, template, operationId, false)
  }

  /** Where the id is a handler's name, its operation is called by method and path from now on. */
  #giveWay(operationId: string): void {
    const listed = this.#byId.get(operationId)
    if (listed?.named !== true) return
    this.#byId.delete(operationId)
    const { registration, template } = listed
    this.#add(registration, template, idOfMethodAndPath(registration.method, template))
  }

  #put(registration: Registration, template: PathTemplate, operationId: string, named: boolean): void {
    const { method, definition, inherited, handler } = registration
    const operation = compileOperation({
      ...{ method, template, operationId, definition, inherited, handler },
      recipient: this.#recipient,
    })
    const listed = { registration, template, operation, named }
    this.#byId.set(operationId, listed)
    this.#byShape.set(shapeOf(method, template), listed)
  }

  get all(): readonly CompiledOperation[] {
    return [...this.#byShape.values()].map(({ operation }) => operation)
  }

  byId(operationId: string): CompiledOperation | undefined {
    return this.#byId.get(operationId)?.operation
  }
}

const placeOf = ({ method, path }: Registration): string => `${method.toUpperCase()} ${path}`

function shapeOfSegment(segment: PathSegment): string {
  if (segment.kind === 'literal') return `=${segment.text}`
  return segment.kind === 'mixed' ? `~${mixedShape(segment)}` : segment.kind
}

/** Templates that differ in names only are one path (OpenAPI 3.1.1, "Paths Object"). */
function shapeOf(method: Method, { segments }: PathTemplate): string {
  return `${method} ${segments.map(shapeOfSegment).join('/')}`
}
