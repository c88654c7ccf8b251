import type { UrlTemplate, UrlTemplatePart } from './url-template.ts'

/** Whether a part has its value only once the request is answered. */
export function readsResponse(part: UrlTemplatePart | undefined): boolean {
  return part?.kind === 'status-code' || (part !== undefined && 'message' in part && part.message === 'response')
}

/** The template as far as the request decides it: text stands for what the response or the sender will give. */
export function knownEarly({ kind, parts }: UrlTemplate): UrlTemplate {
  const known = parts.map((part, place): UrlTemplatePart => {
    if (part.kind === 'name') return { kind: 'literal', text: 'name' }
    if (!readsResponse(part)) return part
    return { kind: 'literal', text: place === 0 ? 'https://response.invalid/' : 'response' }
  })
  return { kind, parts: known }
}
