/** The type and subtype of a `Content-Type` value in lower case, without its parameters (RFC 9110, section 8.3.1). */
export function mediaTypeEssence(contentType: string): string {
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

/** `application/json` or any type with the suffix `+json` (RFC 6839). */
export function isJsonType(contentType: string): boolean {
  if (contentType === 'application/json') return true
  const essence = mediaTypeEssence(contentType)
  return essence === 'application/json' || (essence.startsWith('application/') && essence.endsWith('+json'))
}

/** Whether a text is a type and subtype, and maybe parameters (RFC 9110, section 8.3.1). */
export const isMediaType = (text: unknown): text is string => typeof text === 'string' && MEDIA_TYPE.test(text)

const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:\s*;.*)?$/
