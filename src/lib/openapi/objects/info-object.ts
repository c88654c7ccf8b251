/**
 * Whom to ask about the API (OpenAPI 3.1.1, "Contact Object").
 *
 * @example
 * ```ts
 * import type { ContactObject } from 'ringback/openapi'
 *
 * const contact: ContactObject = { name: 'Billing', email: 'billing@example.com' }
 * console.log(contact.name)
 * ```
 */
export interface ContactObject {
  name?: string
  url?: string
  email?: string
}

/**
 * The licence of the API (OpenAPI 3.1.1, "License Object"): `identifier` (SPDX) or `url`, not both.
 *
 * @example
 * ```ts
 * import type { LicenseObject } from 'ringback/openapi'
 *
 * const license: LicenseObject = { name: 'MIT', identifier: 'MIT' }
 * console.log(license.identifier) // MIT
 * ```
 */
export interface LicenseObject {
  name: string
  identifier?: string
  url?: string
}

/**
 * Describes the API (OpenAPI 3.1.1, "Info Object").
 *
 * @example
 * ```ts
 * import { createDocument, type InfoObject } from 'ringback/openapi'
 *
 * const info: InfoObject = createDocument([], { title: 'Invoices', version: '1.0.0' }).info
 * console.log(info.title) // Invoices
 * ```
 */
export interface InfoObject {
  title: string
  summary?: string
  description?: string
  termsOfService?: string
  contact?: ContactObject
  license?: LicenseObject
  version: string
}
