import type { SourceKey, SourceObject } from '../source/source-node.ts'
import type { OperationContext } from './operation-context.ts'

/** A request that the API of a document sends: of a callback or of a webhook. */
export interface Outgoing {
  readonly kind: 'callback' | 'webhook'
  /** Of the callback or webhook; the names of nested ones are joined with ".". */
  readonly name: string
  /** `POST /subscriptions`, whose callback it is; the empty text for webhooks. */
  readonly operation: string
  /** In lower case. */
  readonly method: string
  /** The URL template of a callback, or the name of a webhook, where it stands. */
  readonly key: SourceKey
  readonly pathItem: SourceObject
  readonly node: SourceObject
  /** What the URL template may read; undefined where no operation has the callback. */
  readonly context: OperationContext | undefined
  /** How many callbacks it lies within. */
  readonly depth: number
}

/** How it is named in messages. */
export function outgoingText({ kind, name, operation, method }: Outgoing): string {
  const whose = operation === '' ? '' : ` of ${operation}`
  return `${kind} "${name}" (${method.toUpperCase()})${whose}`
}
