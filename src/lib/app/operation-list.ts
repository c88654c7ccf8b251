import { types } from 'node:util'
import type { AttachedCallback, AttachedCallbacks } from '../callback/find-attached.ts'
import { DefinitionError } from '../definition/definition-error.ts'
import { mixedShape } from '../http/mixed-segment.ts'
import { type PathSegment, type PathTemplate, parsePathTemplate } from '../http/path-template.ts'
import { contentOf } from '../operation/bodies/content-schema.ts'
import type { ResponseSchema } from '../operation/bodies/response-choice.ts'
import type { CallbackDefinition } from '../operation/callback-definition.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import { allTags, type CompiledOperation, compileOperation } from '../operation/compiled/compiled-operation.ts'
import { idOfMethodAndPath, nameOfHandler } from '../operation/compiled/resolve-operation-id.ts'
import type { Dependency } from '../operation/dependency-set.ts'
import { compileSocketOperation } from '../operation/socket/compile-socket-operation.ts'
import type { RingbackOptions } from './ringback-options.ts'
import { methodInWords, type Registration } from './router.ts'
import { WebhookList } from './webhooks/webhook-list.ts'

/** An operation with what is needed to give it another operationId. */
interface Listed {
  readonly registration: Registration
  readonly template: PathTemplate
  readonly operation: CompiledOperation
  /** Its operationId is its handler's name, which yields to explicit ones. */
  readonly named: boolean
}

/** The operations of an app, compiled one by one as they are registered. */
export class OperationList implements AttachedCallbacks {
  readonly #byId = new Map<string, Listed>()
  readonly #byShape = new Map<string, Listed>()
  readonly #handlerNames = new Set<string>()
  readonly #generateOperationId: RingbackOptions['generateOperationId']
  readonly #recipient: Dependency | undefined
  readonly #check: (operation: CompiledOperation) => void
  readonly #definitionById = new Map<string, CallbackDefinition>()
  /** The operations of mounted applications, whose callbacks are sent by this one. */
  readonly #joined: OperationList[] = []
  /** What operations and their routers declare is added to the application's own. */
  readonly webhooks = new WebhookList()
  #prefix = ''
  #haveCallbacks = false
  #haveSockets = false
  #attached: ReadonlyMap<CallbackDefinition, readonly AttachedCallback[]> | undefined

  /** `check` throws for an operation that this app cannot have. */
  constructor(
    { generateOperationId, delivery, webhooks }: Pick<RingbackOptions, 'generateOperationId' | 'delivery' | 'webhooks'>,
    check: (operation: CompiledOperation) => void,
  ) {
    this.#generateOperationId = generateOperationId
    this.#recipient = delivery?.recipient
    this.#check = check
    if (webhooks !== undefined) this.webhooks.add(webhooks, 'the application')
  }

  /** Compiles an operation and adds it. Throws a `DefinitionError`. */
  add(registration: Registration): void {
    const { method, path, definition, handler } = registration
    const place = placeOf(registration)
    const template = parsePathTemplate(path)
    if (typeof handler !== 'function')
      throw new DefinitionError(
        `${place} has no handler: give a path, a definition and a handler, as in (path, { … }, handler)`,
      )
    if (types.isGeneratorFunction(handler) && !isStreamed(registration))
      throw new DefinitionError(
        method === 'websocket'
          ? `${place} has a generator as its handler: send with "await socket.send(…)" in place of "yield"`
          : `${place} has a generator as its handler, and JSON has no iterators: return a list, or declare the response as eventStream(…), jsonLines(…) or stream()`,
      )
    const given = definition.operationId ?? this.#generatedId(registration)
    const same = this.#byShape.get(shapeOf(method, template))
    if (same !== undefined)
      throw new DefinitionError(
        `${place} is already registered, as "${same.template.text}": change the method or the path of one of them`,
      )
    const name = given === undefined ? nameOfHandler(handler.name) : undefined
    if (name === undefined) this.#add(registration, template, given ?? idOfMethodAndPath(method, template))
    else this.#addNamed(registration, template, name)
  }

  #generatedId(registration: Registration): string | undefined {
    const { method, path, definition, inherited, handler } = registration
    if (method === 'websocket') return undefined
    const tags = allTags(definition, inherited)
    return this.#generateOperationId?.({ method, path, handlerName: handler.name, tags })
  }

  /** A handler's name that two operations want is given to neither, so that ids do not depend on the order. */
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
        `${placeOf(registration)} and ${placeOf(twin.registration)} both have the operationId "${operationId}": give one of them another "operationId"`,
      )
    this.#put(registration, template, operationId, false)
  }

  /** If the id was a handler's name, its operation is named after method and path from now on. */
  #giveWay(operationId: string): void {
    const listed = this.#byId.get(operationId)
    if (listed?.named !== true) return
    this.#byId.delete(operationId)
    const { registration, template } = listed
    this.#add(registration, template, idOfMethodAndPath(registration.method, template))
  }

  #put(registration: Registration, template: PathTemplate, operationId: string, named: boolean): void {
    const { method, definition, inherited, handler } = registration
    const parts = { template, operationId, inherited, handler, recipient: this.#recipient }
    const operation =
      method === 'websocket'
        ? compileSocketOperation({ ...parts, definition })
        : compileOperation({ ...parts, method, definition })
    this.#haveSockets ||= operation.socket !== undefined
    this.#check(operation)
    this.webhooks.add(operation.webhooks, placeOf(registration))
    const listed = { registration, template, operation, named }
    for (const callback of operation.callbacks) this.#checkId(callback, placeOf(registration))
    this.#haveCallbacks ||= operation.callbacks.length > 0
    this.#attached = undefined
    this.#byId.set(operationId, listed)
    this.#byShape.set(shapeOf(method, template), listed)
  }

  #checkId({ name, definition, options: { id } }: CompiledCallback, place: string): void {
    if (id === undefined) return
    if (typeof id !== 'string' || id === '')
      throw new DefinitionError(
        `The "id" of the callback "${name}" of ${place} is not a name: give it text that never changes`,
      )
    const known = this.#definitionById.get(id)
    if (known !== undefined && known !== definition)
      throw new DefinitionError(
        `The callback "${name}" of ${place} has the same id "${id}" as another definition: give it an "id" of its own`,
      )
    this.#definitionById.set(id, definition)
  }

  get all(): readonly CompiledOperation[] {
    return [...this.#byShape.values()].map(({ operation }) => operation)
  }

  /** Where each callback definition is attached: looked up once for all of them. */
  attached(definition: CallbackDefinition): readonly AttachedCallback[] {
    this.#attached ??= Map.groupBy(this.#ownCallbacks(), ({ callback }) => callback.definition)
    const own = this.#attached.get(definition) ?? []
    return this.#joined.length === 0 ? own : [...own, ...this.#joined.flatMap(list => list.attached(definition))]
  }

  hasCallbackId(id: string): boolean {
    return this.#definitionById.has(id) || this.#joined.some(list => list.hasCallbackId(id))
  }

  /** Adds the operations of a mounted application to where callbacks are found. */
  join(list: OperationList, path: string): void {
    this.webhooks.join(list.webhooks, path)
    this.#joined.push(list)
  }

  /** The callback of this name, if the app has only one definition with it. */
  onlyCallback(name: string): CompiledCallback | undefined {
    const named = this.#eachCallback().flatMap(({ callback }) => (callback.name === name ? [callback] : []))
    return new Set(named.map(({ definition }) => definition)).size === 1 ? named[0] : undefined
  }

  #eachCallback(): AttachedCallback[] {
    return [...this.#ownCallbacks(), ...this.#joined.flatMap(list => list.#eachCallback())]
  }

  /** The operations that send, by the names that deliveries have for them, each with the names of its callbacks. */
  get sending(): { readonly operation: string; readonly callbacks: readonly string[] }[] {
    const named = Map.groupBy(this.#eachCallback(), ({ operationId }) => operationId)
    return [...named].map(([operation, list]) => ({ operation, callbacks: list.map(({ callback }) => callback.name) }))
  }

  #ownCallbacks(): AttachedCallback[] {
    return this.all.flatMap(({ operationId, callbacks }) =>
      callbacks.map(callback => ({ operationId: this.#prefix + operationId, callback })),
    )
  }

  /** Whether any of them has a callback, those of mounted applications included. */
  get haveCallbacks(): boolean {
    return this.#haveCallbacks || this.#joined.some(list => list.haveCallbacks)
  }

  /** Whether anything may be sent: callbacks of operations, or webhooks. */
  get send(): boolean {
    return this.haveCallbacks || this.webhooks.any
  }

  /** Whether any of them is the handshake of a WebSocket, those of mounted applications included. */
  get haveSockets(): boolean {
    return this.#haveSockets || this.#joined.some(list => list.haveSockets)
  }

  /** What is put before an operationId where deliveries name it; nothing unless the application is mounted. */
  get prefix(): string {
    return this.#prefix
  }

  /** Says where all of them are mounted: two applications may have operations of one name. */
  moveTo(path: string): void {
    this.#prefix = `${path}#`
  }

  /** An operation by the name that deliveries have for it; else by its operationId, which it had before it was mounted. */
  byId(name: string): CompiledOperation | undefined {
    return (
      this.#byName(name) ?? this.#byId.get(name)?.operation ?? this.#joined.map(list => list.byId(name)).find(Boolean)
    )
  }

  #byName(name: string): CompiledOperation | undefined {
    const own = name.startsWith(this.#prefix) ? this.#byId.get(name.slice(this.#prefix.length))?.operation : undefined
    return own ?? this.#joined.map(list => list.#byName(name)).find(Boolean)
  }
}

const placeOf = ({ method, path }: Registration): string => `${methodInWords(method)} ${path}`

function shapeOfSegment(segment: PathSegment): string {
  if (segment.kind === 'literal') return `=${segment.text}`
  return segment.kind === 'mixed' ? `~${mixedShape(segment)}` : segment.kind
}

/** Templates that differ only in names are the same path (OpenAPI 3.1.1, "Paths Object"). */
function shapeOf(method: Registration['method'], { segments }: PathTemplate): string {
  return `${method} ${segments.map(shapeOfSegment).join('/')}`
}

/** A handler that lets clients choose returns one value, or function, for each media type. */
function isStreamed({ method, definition }: Registration): boolean {
  const response: ResponseSchema | undefined = method === 'websocket' ? undefined : definition.response
  return response !== undefined && '~standard' in response && contentOf(response)?.stream !== undefined
}
