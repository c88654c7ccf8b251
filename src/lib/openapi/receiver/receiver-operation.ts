import { type ReceiverTarget, receiverTarget } from '../../expression/receiver-target.ts'
import type { ComponentCopier } from './component-copier.ts'
import type { DocumentReferences } from './document-references.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import type { SentMessage } from './sent-messages.ts'
import { valueSchema } from './value-schema.ts'

/** An operation that a receiver offers. */
export interface ReceiverOperation {
  readonly name: string
  readonly operationId: string
  /** The path behind the base; the name of the callback where that has none. */
  readonly path: string
  /** What the operation is called whose callback it is, to tell equal paths apart. */
  readonly owner: string
  readonly method: string
  readonly operation: Record<string, unknown>
}

/** What the operations of one document share. */
export interface DocumentParts {
  readonly references: DocumentReferences
  readonly copier: ComponentCopier
}

/** Turns a message around: what the API sends becomes what its receiver takes. */
export function receiverOperation(message: SentMessage, parts: DocumentParts): ReceiverOperation {
  const { name, method, owner, url } = message
  const target = receiverTarget(url ?? '')
  const ownerName = textOf(owner?.['operationId']) ?? ''
  const operationId =
    textOf(message.operation['operationId']) ?? withWords(ownerName, name, url === undefined ? '' : method)
  const { servers: _, parameters: __, ...operation } = message.operation
  const described = {
    ...objectOf(parts.copier.copy(operation)),
    operationId,
    ...(target.path === '' && { description: withNote(operation['description'], `/${identifier(name)}`, url) }),
  } as Record<string, unknown>
  const parameters = parametersOf(message, target, parts)
  if (parameters.length > 0) described['parameters'] = parameters
  if (Object.keys(objectOf(described['responses'])).length === 0)
    described['responses'] = { default: { description: 'Any response' } }
  for (const requirement of listOf(operation['security']))
    for (const scheme of Object.keys(objectOf(requirement))) parts.copier.takeScheme(scheme)
  const path = target.path === '' ? `/${identifier(name)}` : target.path
  return { name, operationId, path, owner: identifier(ownerName || name), method, operation: described }
}

/** Those of the callback itself, then what its URL adds. References to parameters are written out. */
function parametersOf(message: SentMessage, target: ReceiverTarget, parts: DocumentParts): unknown[] {
  const { references, copier } = parts
  const own = [...listOf(message.operation['parameters']), ...listOf(message.item['parameters'])].map(parameter =>
    references.resolved(parameter),
  )
  const declared = new Map<string, JsonObject>()
  for (const parameter of own) {
    const key = `${parameter['in']} ${String(parameter['name']).toLowerCase()}`
    const inPath = parameter['in'] !== 'path' || target.names.has(String(parameter['name']))
    if (typeof parameter['name'] === 'string' && inPath && !declared.has(key)) declared.set(key, parameter)
  }
  const isNew = (place: string, name: string) => !declared.has(`${place} ${name.toLowerCase()}`)
  const path = [...target.names].filter(([name]) => isNew('path', name))
  const query = target.query.filter(({ name }) => isNew('query', name))
  const added = (place: string, name: string, expression: string | undefined) => ({
    name,
    in: place,
    ...(expression !== undefined && { description: `What \`${expression}\` was in the request that caused this one` }),
    required: true,
    schema: expression === undefined ? { type: 'string' } : valueSchema(expression, message, references),
  })
  return [
    ...[...declared.values()].map(parameter => copier.copy(parameter)),
    ...path.map(([name, expression]) => added('path', name, expression)),
    ...query.map(({ name, expression }) => added('query', name, expression)),
  ]
}

function withNote(description: unknown, path: string, url: string | undefined): string {
  const what = url === undefined ? 'The URL to register for it' : 'The URL to give to the sender'
  return [textOf(description), `${what} is that of this path, \`{baseUrl}${path}\`.`].filter(Boolean).join('\n\n')
}

/** Text as a part of a path, and of a name. */
const identifier = (text: string): string =>
  text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^-|-$/g, '') || 'callback'

function withWords(...texts: readonly string[]): string {
  const words = texts.flatMap(text => text.split(/[^A-Za-z0-9]+/)).filter(word => word !== '')
  return (
    words.map((word, index) => (index === 0 ? word : word[0]!.toUpperCase() + word.slice(1))).join('') || 'callback'
  )
}
