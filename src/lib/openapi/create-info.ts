import { definedMembers } from './defined-members.ts'
import type { DocumentInfo } from './document-info.ts'
import type { InfoObject } from './objects/info-object.ts'

/** The part of the options that says what the API is. */
export function createInfo(options: DocumentInfo): InfoObject {
  const { title, version, summary, description, termsOfService, contact, license } = options
  return structuredClone(definedMembers({ title, summary, description, termsOfService, contact, license, version }))
}
