import { definedMembers } from './defined-members.ts'
import type { DocumentInfo } from './document-info.ts'
import type { InfoObject } from './objects/info-object.ts'

/** The options that describe the API. */
export function createInfo(options: DocumentInfo): InfoObject {
  const { title, version, summary, description, termsOfService, contact, license } = options
  return structuredClone(definedMembers({ title, summary, description, termsOfService, contact, license, version }))
}
