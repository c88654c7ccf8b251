import { expressionText } from '../../../expression/serialize.ts'
import type { OperationContext } from '../../callbacks/operation-context.ts'
import { type FoundProperty, findProperties } from '../../schema/find-properties.ts'
import { schemaParts, typesOf } from '../../schema/schema-parts.ts'
import { memberOf, textOf } from '../../source/source-node.ts'

/** What the expressions of a key may name. */
export class KeyScope {
  readonly context: OperationContext | undefined
  /** The names that stand for themselves in braces, as the callback's own path parameters. */
  readonly names: readonly string[]
  #properties: readonly FoundProperty[] | undefined

  constructor(context: OperationContext | undefined, names: readonly string[]) {
    this.context = context
    this.names = names
  }

  /** The properties of the request body. */
  get properties(): readonly FoundProperty[] {
    this.#properties ??= this.context ? findProperties(this.context.document, this.context.requestBodies) : []
    return this.#properties
  }

  /** The expression that reads the one parameter of that name, or else the one property; undefined if there are several. */
  expressionNamed(name: string): string | undefined {
    const parameters = this.parametersNamed(name)
    if (parameters.length > 0) return parameters.length === 1 ? parameters[0] : undefined
    const pointer = this.pointerNamed(name)
    return pointer && expressionText({ kind: 'body', message: 'request', pointer })
  }

  parametersNamed(name: string): string[] {
    if (this.context === undefined) return []
    const { query, path, header } = this.context.parameters
    const headers = header.filter(declared => declared.toLowerCase() === name.toLowerCase())
    return [
      ...query.filter(declared => declared === name).map(() => expressionText({ kind: 'query', name })),
      ...path.filter(declared => declared === name).map(() => expressionText({ kind: 'path', name })),
      ...headers.map(found => expressionText({ kind: 'header', message: 'request', name: found })),
    ]
  }

  /** The only place in the request body whose property has that name. */
  pointerNamed(name: string): readonly string[] | undefined {
    const named = this.properties.filter(({ pointer }) => pointer.at(-1) === name)
    return named.length === 1 ? named[0]!.pointer : undefined
  }

  /** The only value of the request that looks like a URL to be called. */
  onlyUrl(): string | undefined {
    const { query = [], header = [] } = this.context?.parameters ?? {}
    const found = [
      ...query.filter(isUrlName).map(name => expressionText({ kind: 'query', name })),
      ...header.filter(isUrlName).map(name => expressionText({ kind: 'header', message: 'request', name })),
      ...this.properties
        .filter(property => this.#isUrl(property))
        .map(({ pointer }) => expressionText({ kind: 'body', message: 'request', pointer })),
    ]
    return found.length === 1 ? found[0] : undefined
  }

  #isUrl({ pointer, schemas }: FoundProperty): boolean {
    const parts = schemaParts(this.context!.document, schemas)
    const types = typesOf(parts)
    if (types !== undefined && !types.has('string')) return false
    return (
      parts.parts.some(part => /^(?:uri|url)$/.test(textOf(memberOf(part, 'format')) ?? '')) ||
      isUrlName(pointer.at(-1)!)
    )
  }
}

const isUrlName = (name: string): boolean => /(?:ur[il]|callback|webhook|sink|hook)(?:[_-]?reference)?$/i.test(name)
