import type { Report } from '../diagnostic.ts'
import type { SourceDocument } from '../reading/source-document.ts'
import { keyEdit } from '../source/key-edit.ts'
import {
  memberOf,
  membersOf,
  type SourceKey,
  type SourceMember,
  type SourceNode,
  type SourceObject,
} from '../source/source-node.ts'
import { methods } from './methods.ts'
import { type OperationContext, operationContext } from './operation-context.ts'
import type { Outgoing } from './outgoing.ts'

/** What is found of a document: its requests, and each URL template with the operation that it reads from. */
export interface FoundOutgoing {
  readonly outgoing: readonly Outgoing[]
  readonly keys: readonly FoundKey[]
}

/** The key of a callback. */
export interface FoundKey {
  readonly key: SourceKey
  /** The callback object that it stands in. */
  readonly holder: SourceObject
  readonly pathItem: SourceObject | undefined
  readonly context: OperationContext | undefined
}

/** A document that shares callbacks in every operation could have any number. */
const mostOutgoing = 20_000

/** Finds every callback, nested ones too, and every webhook of a document; reports what is not built as it must be. */
export function findOutgoing(document: SourceDocument, report: Report): FoundOutgoing {
  const finder = new Finder(document, report)
  for (const { key, value } of membersOf(document.resolve(memberOf(document.root, 'paths')))) finder.path(key, value)
  finder.webhooks()
  finder.unused()
  return finder
}

/** Where in the document the finder is. */
interface Standing {
  readonly kind: Outgoing['kind']
  readonly names: readonly string[]
  readonly operation: string
  readonly context: OperationContext | undefined
}

class Finder implements FoundOutgoing {
  readonly outgoing: Outgoing[] = []
  readonly keys: FoundKey[] = []
  readonly #document: SourceDocument
  readonly #report: Report
  readonly #callbacks = new Set<SourceNode>()
  /** Path items around the one that is looked at: a callback can hold itself. */
  readonly #around = new Set<SourceNode>()

  constructor(document: SourceDocument, report: Report) {
    this.#document = document
    this.#report = report
  }

  path(key: SourceKey, value: SourceNode): void {
    const pathItem = this.#objectAt(value, `The path item "${key.text}"`)
    if (pathItem === undefined) return
    for (const [method, { value: operation }] of this.#operations(pathItem))
      this.#inOperation(`${method.toUpperCase()} ${key.text}`, key.text, pathItem, operation)
  }

  webhooks(): void {
    for (const name of ['webhooks', 'x-webhooks']) {
      const webhooks = memberOf(this.#document.root, name)
      if (webhooks === undefined) continue
      if (name === 'webhooks' && this.#document.version === '3.0') this.#reportVersion()
      for (const { key, value } of membersOf(this.#objectAt(webhooks, `"${name}"`))) {
        const standing = { names: [key.text], operation: '', context: undefined }
        // What the extension means is not settled: some documents have callbacks there.
        const isCallback = name === 'x-webhooks' && membersOf(this.#document.resolve(value)).some(hasUrlKey)
        if (isCallback) this.#callback({ kind: 'callback', ...standing }, key, value)
        else this.#pathItem({ kind: 'webhook', ...standing }, key, value)
      }
    }
  }

  /** Callbacks that stand ready under "components" and that no operation has. */
  unused(): void {
    for (const { key, value } of membersOf(memberOf(memberOf(this.#document.root, 'components'), 'callbacks')))
      if (!this.#callbacks.has(value))
        this.#callback({ kind: 'callback', names: [key.text], operation: '', context: undefined }, key, value)
  }

  #inOperation(label: string, path: string, pathItem: SourceObject, operation: SourceObject): void {
    const callbacks = memberOf(operation, 'callbacks')
    if (callbacks === undefined) return
    const context = operationContext(this.#document, path, pathItem, operation)
    for (const { key, value } of membersOf(this.#objectAt(callbacks, `"callbacks" of ${label}`)))
      this.#callback({ kind: 'callback', names: [key.text], operation: label, context }, key, value)
  }

  #callback(standing: Standing, name: SourceKey, value: SourceNode): void {
    const callback = this.#objectAt(value, `The callback "${name.text}"`)
    if (callback === undefined) return
    this.#callbacks.add(callback)
    const isUrl = /[{$]|^https?:/.test(name.text)
    const direct = [...callback.members.values()].filter(member => isMethod(member))
    if (direct.length > 0) {
      this.#reportLevel(name, direct[0]!.key, isUrl)
      return
    }
    if (membersOf(callback).length === 0) this.#reportNothing(name, `The callback "${name.text}" has no URL`)
    for (const { key, value: pathItem } of membersOf(callback)) {
      const resolved = this.#pathItem(standing, key, pathItem)
      this.keys.push({ key, holder: callback, pathItem: resolved, context: standing.context })
    }
  }

  /** The operations of a callback or webhook; nested callbacks read from them. */
  #pathItem(standing: Standing, key: SourceKey, value: SourceNode): SourceObject | undefined {
    const what = `The ${standing.kind} "${standing.names.join('.')}"`
    const pathItem = this.#objectAt(value, what)
    if (pathItem === undefined || this.#around.has(pathItem) || this.outgoing.length >= mostOutgoing) return pathItem
    this.#around.add(pathItem)
    const operations = this.#operations(pathItem)
    if (operations.length === 0) this.#reportNothing(key, `${what} has no operation at "${key.text}"`)
    for (const [method, { value: node }] of operations) {
      const { kind, names, operation, context } = standing
      const depth = names.length - 1
      this.outgoing.push({ kind, name: names.join('.'), operation, method, key, pathItem, node, context, depth })
      const inside = memberOf(node, 'callbacks')
      if (inside === undefined) continue
      const own = operationContext(this.#document, key.text, pathItem, node)
      for (const { key: name, value: nested } of membersOf(this.#objectAt(inside, `"callbacks" of ${what}`)))
        this.#callback({ kind: 'callback', names: [...names, name.text], operation, context: own }, name, nested)
    }
    this.#around.delete(pathItem)
    return pathItem
  }

  #operations(pathItem: SourceObject): [method: string, { value: SourceObject }][] {
    const found: [string, { value: SourceObject }][] = []
    const additional = this.#document.resolve(memberOf(pathItem, 'additionalOperations'))
    for (const { key, value } of [...pathItem.members.values(), ...membersOf(additional)]) {
      const method = key.text.toLowerCase()
      const isAdditional = additional?.kind === 'object' && additional.members.get(key.text)?.value === value
      if (!isAdditional && !methods.includes(method)) continue
      if (!isAdditional && method !== key.text) this.#reportCase(key, method)
      const operation = this.#objectAt(value, `The operation "${key.text}"`)
      if (operation !== undefined) found.push([method, { value: operation }])
    }
    return found
  }

  #objectAt(node: SourceNode, what: string): SourceObject | undefined {
    const resolved = this.#document.resolve(node)
    if (resolved === undefined || resolved.kind === 'object') return resolved
    const message = `${what} is not an object`
    this.#report({ code: 'not-an-object', range: node, message, remedy: 'Write an object there' })
    return undefined
  }

  #reportVersion(): void {
    const [, member] = [...(this.#document.root as SourceObject).members].find(([name]) => name === 'webhooks')!
    this.#report({
      code: 'webhooks-version',
      range: member.key,
      message: '"webhooks" is not part of OpenAPI 3.0: tools leave it out',
      remedy: 'Write "openapi: 3.1.0" at the top, or "x-webhooks" here, which some tools read',
      correction: { text: 'x-webhooks', edit: keyEdit(member.key, 'x-webhooks') },
    })
  }

  #reportLevel(name: SourceKey, method: SourceKey, isUrl: boolean): void {
    if (isUrl)
      this.#report({
        code: 'missing-name',
        range: name,
        message: `"${name.text}" stands where the name of a callback belongs`,
        remedy: 'Put a name around it: "callbacks", then a name, then this, then the method',
      })
    else
      this.#report({
        code: 'missing-expression',
        range: method,
        message: `"${method.text}" stands where the callback "${name.text}" must say to which URL it is sent`,
        remedy: 'Put the URL around it, such as "{$request.body#/callbackUrl}", and the method inside',
      })
  }

  #reportNothing(range: SourceKey, message: string): void {
    this.#report({
      code: 'no-operation',
      range,
      message,
      remedy: 'Write a method, such as "post", and what is sent by it',
    })
  }

  #reportCase(key: SourceKey, method: string): void {
    this.#report({
      code: 'method-case',
      range: key,
      message: `"${key.text}" is not a member of a path item, whose methods are in lower case`,
      remedy: `Write "${method}"`,
      correction: { text: method, edit: keyEdit(key, method) },
    })
  }
}

const hasUrlKey = ({ key }: SourceMember): boolean => /[{$]|^https?:/.test(key.text)

/** A method whose value can be an operation, and not the path item of a URL that happens to be called so. */
function isMethod({ key, value }: SourceMember): boolean {
  const isNamed = methods.includes(key.text.toLowerCase())
  return isNamed && value.kind === 'object' && !membersOf(value).some(({ key: inner }) => methods.includes(inner.text))
}
