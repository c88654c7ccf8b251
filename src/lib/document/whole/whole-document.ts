import { setOwn } from '../../schema/own-property.ts'
import { methods } from '../callbacks/methods.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { referenceOf } from '../reading/reference.ts'
import { type SourceDocument, versionText } from '../reading/source-document.ts'
import { plainValue } from '../source/plain-value.ts'
import { memberOf, type SourceNode } from '../source/source-node.ts'
import { WholeWriter } from './whole-writer.ts'

/** What a document sends, as a document that refers to nothing outside of itself. */
export interface WholeDocument {
  readonly document: Readonly<Record<string, unknown>>
  /** What it lacks, as a reference leads nowhere or to where nobody may read: then it is not whole. */
  readonly faults: readonly Diagnostic[]
}

type Written = Record<string, unknown>

/**
 * Writes the callbacks and webhooks of a document with all that they refer to, in whatever file that is. Of the operations
 * around them, the request is there, which their URLs read from; what cannot be read of it is left out.
 */
export function wholeDocument(source: SourceDocument): WholeDocument {
  const writer = new WholeWriter(source)
  const callers = findCallers(source)
  const callbacks = callers.map(({ callbacks }) => writer.writeByName(callbacks, 'callback'))
  const webhooks = writeWebhooks(source, writer)
  const faults = [...writer.faults]
  const paths: Record<string, Written> = {}
  for (const [index, caller] of callers.entries()) {
    const item = paths[caller.path] ?? itemOf(caller, writer)
    setOwn(paths, caller.path, item)
    setOwn(item, caller.method, { ...requestOf(caller.operation, writer), callbacks: callbacks[index] })
  }
  const schemes = source.resolve(memberOf(source.resolve(memberOf(source.root, 'components')), 'securitySchemes'))
  const securitySchemes = schemes && writer.writeByName(schemes, 'securityScheme')
  const document = {
    openapi: fullVersion(source),
    ...plainMembers(source.root),
    paths,
    webhooks,
    components: { ...writer.components, securitySchemes },
  }
  return { document, faults: [...faults, ...writer.faults.slice(faults.length).filter(({ code }) => code === 'limit')] }
}

/** An operation that has callbacks. */
interface Caller {
  readonly path: string
  readonly method: string
  readonly operation: Members
  readonly itemParameters: SourceNode | undefined
  readonly callbacks: SourceNode
}

type Members = ReadonlyMap<string, SourceNode>

function findCallers(source: SourceDocument): Caller[] {
  const callers: Caller[] = []
  for (const [path, item] of membersThrough(source, memberOf(source.root, 'paths'))) {
    const members = membersThrough(source, item)
    for (const method of methods) {
      const operation = membersThrough(source, members.get(method))
      const callbacks = operation.get('callbacks')
      if (callbacks !== undefined)
        callers.push({ path, method, operation, itemParameters: members.get('parameters'), callbacks })
    }
  }
  return callers
}

/** Those of `x-webhooks`, too, as documents of OpenAPI 3.0 have them. */
function writeWebhooks(source: SourceDocument, writer: WholeWriter): Written {
  const written: Written = {}
  for (const name of ['x-webhooks', 'webhooks'])
    for (const [webhook, item] of membersThrough(source, memberOf(source.root, name)))
      setOwn(written, webhook, writer.write(item, 'pathItem'))
  return written
}

function itemOf({ itemParameters }: Caller, writer: WholeWriter): Written {
  return itemParameters === undefined ? {} : { parameters: writer.write(itemParameters, 'parameter') }
}

function requestOf(operation: Members, writer: WholeWriter): Written {
  const [id, parameters, body] = ['operationId', 'parameters', 'requestBody'].map(name => operation.get(name))
  return {
    ...(id && { operationId: plainValue(id) }),
    ...(parameters && { parameters: writer.write(parameters, 'parameter') }),
    ...(body && { requestBody: writer.write(body, 'requestBody') }),
  }
}

function plainMembers(root: SourceNode): Written {
  const names = ['info', 'tags', 'jsonSchemaDialect'].filter(name => memberOf(root, name) !== undefined)
  return Object.fromEntries(names.map(name => [name, plainValue(memberOf(root, name))]))
}

/** The members of a mapping and of what it refers to, of which its own come first. */
function membersThrough(source: SourceDocument, node: SourceNode | undefined): Members {
  const members = new Map<string, SourceNode>()
  const seen = new Set<SourceNode>()
  for (let at = node; at?.kind === 'object' && !seen.has(at); at = source.step(at)) {
    seen.add(at)
    for (const [name, { value }] of at.members) if (name !== '$ref' && !members.has(name)) members.set(name, value)
    if (referenceOf(at) === undefined) break
  }
  return members
}

/** Some write `openapi: 3.1`. */
function fullVersion(source: SourceDocument): string {
  const version = versionText(source.root) ?? ''
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version
}
