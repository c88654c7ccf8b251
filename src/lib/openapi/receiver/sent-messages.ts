import { DocumentReferences } from './document-references.ts'
import { type JsonObject, objectOf, textOf } from './json-object.ts'

/** One request that the API of a document sends. */
export interface SentMessage {
  /** The name of the callback or webhook. */
  readonly name: string
  /** The key of a callback, and undefined for a webhook. */
  readonly url: string | undefined
  readonly method: string
  readonly operation: JsonObject
  /** What its path item says for all methods. */
  readonly item: JsonObject
  /** The operation whose callback it is. */
  readonly owner: JsonObject | undefined
  /** What the path item of the owner says for all methods. */
  readonly ownerItem: JsonObject
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']

/** The callbacks of all operations, then the webhooks. Callbacks of callbacks are the receiver's own to send. */
export function sentMessages(document: JsonObject): SentMessage[] {
  const references = new DocumentReferences(document)
  const operations = itemsOf(document['paths'], references).flatMap(([, item]) => operationsOf(item))
  const callbacks = operations.flatMap(({ operation: owner, item: ownerItem }) =>
    itemsOf(owner['callbacks'], references).flatMap(([name, callback]) =>
      itemsOf(callback, references).flatMap(([url, item]) =>
        operationsOf(item).map(found => ({ name, url, owner, ownerItem, ...found })),
      ),
    ),
  )
  const webhooks = itemsOf(document['webhooks'], references).flatMap(([name, item]) =>
    operationsOf(item).map(found => ({ name, url: undefined, owner: undefined, ownerItem: {}, ...found })),
  )
  return [...callbacks, ...webhooks]
}

function itemsOf(set: unknown, references: DocumentReferences): [name: string, item: JsonObject][] {
  return Object.entries(objectOf(set))
    .filter(([name]) => !name.startsWith('x-'))
    .map(([name, item]) => [name, references.resolved(item)])
}

function operationsOf(item: JsonObject): { method: string; operation: JsonObject; item: JsonObject }[] {
  return METHODS.filter(method => textOf(item[method]) === undefined && item[method] !== undefined).map(method => ({
    method,
    operation: objectOf(item[method]),
    item,
  }))
}
