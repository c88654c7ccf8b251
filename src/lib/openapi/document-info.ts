import type { ExternalDocumentationObject } from './objects/external-documentation-object.ts'
import type { ContactObject, LicenseObject } from './objects/info-object.ts'
import type { ServerObject } from './objects/server-object.ts'
import type { TagObject } from './objects/tag-object.ts'

/** A version of OpenAPI: `3.1` is 3.1.1, `3.2` is 3.2.0. */
export type OpenApiVersion = '3.1' | '3.2'

/**
 * What a document says about the API as a whole: the options of `createDocument`.
 *
 * @example
 * ```ts
 * import { createDocument, type DocumentInfo } from 'ringback/openapi'
 *
 * const info: DocumentInfo = { title: 'Invoices', version: '1.0.0', servers: [{ url: 'https://api.example.com' }] }
 * console.log(createDocument([], info).servers) // [ { url: 'https://api.example.com' } ]
 * ```
 */
export interface DocumentInfo {
  readonly title: string
  /** The version of the API, not of OpenAPI. */
  readonly version: string
  /** One line. */
  readonly summary?: string | undefined
  /** In Markdown. */
  readonly description?: string | undefined
  /** A URL. */
  readonly termsOfService?: string | undefined
  readonly contact?: Readonly<ContactObject> | undefined
  readonly license?: Readonly<LicenseObject> | undefined
  /** Where the API is served. Default: where the document is, `[{ url: '/' }]`. */
  readonly servers?: readonly Readonly<ServerObject>[] | undefined
  /** What the tags mean, in the order in which pages show them. */
  readonly tags?: readonly Readonly<TagObject>[] | undefined
  /**
   * The OpenAPI version of the document: `3.1` is 3.1.1, `3.2` is 3.2.0. In 3.2, the items of streams have a keyword of
   * their own (`itemSchema` instead of `x-itemSchema`). Default: `3.1`.
   */
  readonly openapiVersion?: OpenApiVersion | undefined
  readonly externalDocs?: Readonly<ExternalDocumentationObject> | undefined
}
