import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import type { OpenApiDocument } from '../create-document.ts'
import { definedMembers } from '../defined-members.ts'
import { ComponentCopier } from './component-copier.ts'
import { DocumentReferences } from './document-references.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import { withOneWebhookPath } from './one-webhook-path.ts'
import { placeOperations } from './place-operations.ts'
import { type ReceiverOperation, receiverOperation } from './receiver-operation.ts'
import { type SentMessage, sentMessages } from './sent-messages.ts'

/** Which callbacks and webhooks a receiver takes, and how its document says so. */
export interface ReceiverDocumentOptions {
  /** Only the callbacks of this operation. Default: those of all, and the webhooks. */
  readonly operationId?: string
  /** Only the callback or webhook of this name. Default: all. */
  readonly callback?: string
  /**
   * Whether they become `paths` of a server, where one operation takes all webhooks, or top-level `webhooks` (from OpenAPI 3.1
   * on), which keep them apart. Default: `paths`.
   */
  readonly as?: 'paths' | 'webhooks'
}

const OPTION_NAMES: Readonly<Record<keyof ReceiverDocumentOptions, true>> = {
  operationId: true,
  callback: true,
  as: true,
}

/**
 * Makes the document of the API that a receiver must offer, out of the document of the API that calls it: each callback
 * becomes an operation of its own, so that every generator makes servers, types and checks of it. Any document from OpenAPI
 * 3.0 on will do whose `$ref`s stay within it.
 *
 * A URL that is registered for webhooks gets all events: they become one operation, `receiveWebhook` at `/`, whose body is
 * the union `WebhookMessage`. `as: 'webhooks'` keeps them apart.
 *
 * What follows the base of a callback's URL is its path, with a parameter for each expression; where nothing follows, it
 * is the callback's name. The base is a variable of the server. Components that nothing refers to are left out, parameters
 * are written out, and callbacks of callbacks stay with their operation. Nothing of the given document is changed.
 *
 * Throws a `DefinitionError` for an operation or callback that is not there, and for webhooks in OpenAPI 3.0; a `TypeError`
 * for a document that is not whole.
 *
 * @example
 * ```ts
 * import { callback, Ringback } from 'ringback'
 * import { receiverDocument } from 'ringback/receiver'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Invoices', version: '1.0.0' })
 * const query = z.object({ callback_url: z.url() })
 * const paid = callback.post('{$callback_url}/invoices/{$request.body.id}', { body: z.object({ paid: z.boolean() }) })
 * app.post('/invoices', { query, body: z.object({ id: z.string() }), callbacks: { paid } }, async () => {})
 *
 * const document = receiverDocument(app.openapi())
 * console.log(Object.keys(document.paths ?? {}), document.servers?.[0]?.url) // [ '/invoices/{id}' ] {baseUrl}
 * ```
 */
export function receiverDocument(document: object, options: ReceiverDocumentOptions = {}): OpenApiDocument {
  checkNames(options, OPTION_NAMES, 'the options of "receiverDocument"')
  const { as = 'paths' } = options
  const source = objectOf(document)
  const version = versionOf(source, as)
  const references = new DocumentReferences(source)
  const copier = new ComponentCopier(references)
  const parts = { references, copier }
  const messages = chosen(sentMessages(source), options)
  const taken = as === 'paths' ? withOneWebhookPath(messages, parts) : messages
  const operations = taken.map(message => receiverOperation(message, parts))
  return definedMembers({
    openapi: version,
    info: infoOf(source),
    jsonSchemaDialect: textOf(source['jsonSchemaDialect']),
    ...(as === 'paths' && { servers: [SERVER] }),
    tags: tagsOf(source, operations),
    // What the API asks of its own callers is not asked of it
    security: [],
    [as]: placeOperations(operations, as),
    components: copier.components(source['components']),
  }) as unknown as OpenApiDocument
}

const SERVER = {
  url: '{baseUrl}',
  variables: {
    baseUrl: {
      default: 'https://receiver.example',
      description: 'The URL of this receiver, which it gives to the sender',
    },
  },
}

function versionOf(source: JsonObject, as: unknown): string {
  const version = textOf(source['openapi'])
  if (version === undefined || !/^3\.\d/.test(version))
    throw new DefinitionError('The document is not one of OpenAPI 3: it has no "openapi": "3.…"')
  if (as !== 'paths' && as !== 'webhooks')
    throw new DefinitionError('"as" of "receiverDocument" is neither "paths" nor "webhooks"')
  if (as === 'webhooks' && version.startsWith('3.0'))
    throw new DefinitionError(`The document is of OpenAPI ${version}, which has no webhooks: leave out "as"`)
  return version
}

function chosen(
  all: readonly SentMessage[],
  { operationId, callback }: ReceiverDocumentOptions,
): readonly SentMessage[] {
  const found = all.filter(
    ({ name, owner }) =>
      (operationId === undefined || owner?.['operationId'] === operationId) &&
      (callback === undefined || name === callback),
  )
  if (found.length > 0 || (operationId === undefined && callback === undefined)) return found
  const wanted = [
    operationId === undefined ? '' : ` of "${operationId}"`,
    callback === undefined ? '' : ` "${callback}"`,
  ]
  const known = all.map(({ name, owner }) => (owner === undefined ? name : `${name} of ${owner['operationId']}`))
  throw new DefinitionError(
    `The document has no callback${wanted[1]}${wanted[0]}; it has ${known.length === 0 ? 'none at all' : [...new Set(known)].join(', ')}`,
  )
}

function infoOf(source: JsonObject) {
  const { title = 'API', version = '1.0.0', license, contact } = objectOf(source['info'])
  return definedMembers({
    title: `Receiver of ${title}`,
    version,
    description: `What ${title} sends, as the API that its receiver offers.`,
    contact: structuredClone(contact),
    license: structuredClone(license),
  })
}

function tagsOf(source: JsonObject, operations: readonly ReceiverOperation[]): unknown[] | undefined {
  const used = new Set(operations.flatMap(({ operation }) => listOf(operation['tags'])))
  const tags = listOf(source['tags']).filter(tag => used.has(objectOf(tag)['name']))
  return tags.length === 0 ? undefined : structuredClone(tags)
}
