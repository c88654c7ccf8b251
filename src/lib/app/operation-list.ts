import { DefinitionError } from '../definition-error.ts'
import { type PathTemplate, parsePathTemplate } from '../http/path-template.ts'
import { type CompiledOperation, compileOperation } from '../operation/compiled-operation.ts'
import { resolveOperationId } from '../operation/resolve-operation-id.ts'
import type { Method } from '../operation/responses.ts'
import type { RingbackOptions } from './ringback-options.ts'
import type { Registration } from './router.ts'

/** The operations of an app, made ready one by one as they are registered. */
export class OperationList {
  readonly #operations: CompiledOperation[] = []
  readonly #byId = new Map<string, CompiledOperation>()
  readonly #byShape = new Map<string, CompiledOperation>()
  readonly #generateOperationId: RingbackOptions['generateOperationId']

  constructor(generateOperationId: RingbackOptions['generateOperationId']) {
    this.#generateOperationId = generateOperationId
  }

  /** Makes an operation ready and adds it, or throws a `DefinitionError`. */
  add({ method, path, definition, handler, inherited }: Registration): void {
    const place = `${method.toUpperCase()} ${path}`
    const template = parsePathTemplate(path)
    if (typeof handler !== 'function')
      throw new DefinitionError(`${place} has no handler: give a function as the last argument`)
    const given = definition.operationId ?? this.#generateOperationId?.({ method, path, handlerName: handler.name })
    const shape = shapeOf(method, template)
    const same = this.#byShape.get(shape)
    if (same !== undefined)
      throw new DefinitionError(
        `${place} is there already, as "${same.template.text}": change the method or the path of one`,
      )
    const parts = { method, template, given, handlerName: handler.name }
    const operationId = resolveOperationId(parts, id => this.#byId.has(id))
    const twin = this.#byId.get(operationId)
    if (twin !== undefined)
      throw new DefinitionError(
        `${place} and ${twin.method.toUpperCase()} ${twin.template.text} have the operationId "${operationId}": give one of them another "operationId"`,
      )
    const operation = compileOperation({ method, template, operationId, definition, inherited, handler })
    this.#operations.push(operation)
    this.#byId.set(operationId, operation)
    this.#byShape.set(shape, operation)
  }

  get all(): readonly CompiledOperation[] {
    return this.#operations
  }

  byId(operationId: string): CompiledOperation | undefined {
    return this.#byId.get(operationId)
  }
}

/** Templates that differ in names only are one path (OpenAPI 3.1.1, "Paths Object"). */
function shapeOf(method: Method, { segments }: PathTemplate): string {
  return `${method} ${segments.map(segment => (segment.kind === 'literal' ? `=${segment.text}` : segment.kind)).join('/')}`
}
