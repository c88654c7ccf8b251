import type { PathTemplate } from '../http/path-template.ts'
import type { Method } from './responses.ts'

/** What an operationId is made from. */
export interface OperationIdParts {
  readonly method: Method
  readonly template: PathTemplate
  /** As the definition gives it. */
  readonly given: string | undefined
  /** The handler function's own name; empty for an anonymous one. */
  readonly handlerName: string
}

/**
 * The operationId: as given, else the handler's name, else method and path in camelCase. A handler's name that another
 * operation has already taken (one router included twice) gives way to method and path.
 */
export function resolveOperationId(parts: OperationIdParts, taken: (id: string) => boolean): string {
  if (parts.given !== undefined) return parts.given
  const { handlerName } = parts
  if (handlerName !== '' && handlerName !== 'handler' && !taken(handlerName)) return handlerName
  return fromMethodAndPath(parts)
}

function fromMethodAndPath({ method, template }: OperationIdParts): string {
  const words = template.segments.flatMap(segment =>
    segment.kind === 'literal' ? segment.text.split(/[^A-Za-z\d]+/) : ['by', ...segment.name.split(/[^A-Za-z\d]+/)],
  )
  return method + words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}
