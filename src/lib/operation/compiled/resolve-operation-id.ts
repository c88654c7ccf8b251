import type { PathTemplate } from '../../http/path-template.ts'
import type { Method } from '../responses.ts'
import { capital, functionName, identifierOf } from './identifier.ts'

/** The name that a handler gives to its operation; undefined for a handler without a telling name. */
export function nameOfHandler(handlerName: string): string | undefined {
  const name = identifierOf(functionName(handlerName))
  return name === '' || name === 'handler' ? undefined : name
}

/** Method and path in camelCase: `getInvoicesByInvoiceId`. */
export function idOfMethodAndPath(method: Method | 'websocket', { text }: PathTemplate): string {
  const words = text.replaceAll('{', ' by ').split(/[^A-Za-z\d]+/)
  return method + words.map(capital).join('')
}
