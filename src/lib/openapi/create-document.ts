import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { CompiledWebhook } from '../operation/compiled/compiled-webhook.ts'
import { Components, type ReceivingTexts } from './components.ts'
import { createInfo } from './create-info.ts'
import { createPaths } from './create-paths.ts'
import { definedMembers } from './defined-members.ts'
import type { DocumentInfo } from './document-info.ts'
import type { ComponentsObject } from './objects/components-object.ts'
import type { ExternalDocumentationObject } from './objects/external-documentation-object.ts'
import type { InfoObject } from './objects/info-object.ts'
import type { PathItemObject } from './objects/operation-object.ts'
import type { SecurityRequirementObject } from './objects/security-requirement-object.ts'
import type { ServerObject } from './objects/server-object.ts'
import type { TagObject } from './objects/tag-object.ts'
import { finalStatusKeys, type ReceivingOptions, receivingNote } from './receiving.ts'
import { createWebhooks } from './webhooks/create-webhooks.ts'
import { webhookDelivery, webhookNote } from './webhooks/webhook-note.ts'

/**
 * An OpenAPI 3.1.1 or 3.2.0 document as plain data that you may change; `JSON.stringify` writes it ("OpenAPI Object").
 *
 * @example
 * ```ts
 * import { createDocument, type OpenApiDocument } from 'ringback/openapi'
 *
 * const document: OpenApiDocument = createDocument([], { title: 'Invoices', version: '1.0.0' })
 * document.info.description = 'What is owed'
 * console.log(document.openapi) // 3.1.1
 * ```
 */
export interface OpenApiDocument {
  openapi: string
  info: InfoObject
  servers?: ServerObject[]
  paths?: Record<string, PathItemObject>
  webhooks?: Record<string, PathItemObject>
  components?: ComponentsObject
  security?: SecurityRequirementObject[]
  tags?: TagObject[]
  externalDocs?: ExternalDocumentationObject
  [extension: `x-${string}`]: unknown
}

/**
 * Describes operations, their callbacks and webhooks in an OpenAPI document. The same operations always give the same
 * document. `operations` and `webhooks` are the compiled ones of an application, `info` describes the API, and
 * `receiving` says what the receivers of its callbacks and webhooks have to know.
 *
 * Throws `DefinitionError` if one name is used for two different schemas, security schemes or operations, or if two
 * paths are the same path in a document.
 *
 * @example
 * ```ts
 * import { createDocument } from 'ringback/openapi'
 *
 * const document = createDocument([], { title: 'Invoices', version: '1.0.0' })
 * console.log(JSON.stringify(document.info)) // {"title":"Invoices","version":"1.0.0"}
 * ```
 */
export function createDocument(
  operations: readonly CompiledOperation[],
  info: DocumentInfo,
  receiving: ReceivingOptions = {},
  webhooks: readonly CompiledWebhook[] = [],
): OpenApiDocument {
  const texts: ReceivingTexts = {
    note: message => receivingNote(message, receiving, info.servers),
    webhookNote: message => webhookNote(message, receiving, info.servers),
    webhookDelivery: message => webhookDelivery(message, receiving),
    finalStatuses: ({ options }) => finalStatusKeys(options, receiving),
  }
  const components = new Components(texts, info.openapiVersion)
  const paths = createPaths(operations, components)
  return definedMembers({
    openapi: info.openapiVersion === '3.2' ? '3.2.0' : '3.1.1',
    info: createInfo(info),
    servers:
      info.servers === undefined || info.servers.length === 0 ? [{ url: '/' }] : structuredClone([...info.servers]),
    externalDocs: info.externalDocs && structuredClone(info.externalDocs),
    tags: info.tags && structuredClone([...info.tags]),
    security: [],
    paths,
    webhooks: createWebhooks(webhooks, components),
    components: components.finish(),
  })
}
