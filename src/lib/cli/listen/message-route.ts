import { declaredResponse } from '../../delivery/attempt/declared-response.ts'
import { findOutgoing } from '../../document/callbacks/find-outgoing.ts'
import type { Outgoing } from '../../document/callbacks/outgoing.ts'
import { type ExampleValue, exampleValue } from '../../document/message/example-value.ts'
import { type MessageContent, type OutgoingMessage, outgoingMessage } from '../../document/message/outgoing-message.ts'
import { partsAfterBase, type UrlPart } from '../../document/message/url-template-of.ts'
import { createValueCheck, type ValueCheck } from '../../document/message/value-check.ts'
import type { SourceDocument } from '../../document/reading/source-document.ts'
import { mediaTypeEssence } from '../../http/media-type.ts'

/** A callback or webhook of a document as one that is received or sent here. What costs time is made when it is used. */
export class MessageRoute {
  readonly outgoing: Outgoing
  readonly after: readonly UrlPart[]
  readonly #document: SourceDocument
  readonly #checks = new Map<MessageContent, ValueCheck>()
  #message: OutgoingMessage | undefined

  constructor(document: SourceDocument, outgoing: Outgoing) {
    this.#document = document
    this.outgoing = outgoing
    this.after = partsAfterBase(document, outgoing)
  }

  get message(): OutgoingMessage {
    this.#message ??= outgoingMessage(this.#document, this.outgoing)
    return this.#message
  }

  /** The declared body of that media type; the only one or the first where it names none. */
  contentOf(contentType: string | undefined): MessageContent | undefined {
    return contentOf(this.message.contents, contentType)
  }

  check(content: MessageContent): ValueCheck {
    const known = this.#checks.get(content) ?? createValueCheck(content.schema)
    this.#checks.set(content, known)
    return known
  }

  example(content: MessageContent): Promise<ExampleValue> {
    return exampleValue(content.schema, content.examples, this.check(content))
  }

  /** What is declared for a status: its contents, or undefined if there is nothing. */
  declared(status: number): readonly MessageContent[] | undefined {
    return declaredResponse(status, key => this.message.responses.get(key.toUpperCase()))
  }

  /** The status of the response that the sender hopes for. */
  get successStatus(): number {
    const [status] = [...this.message.responses.keys()].filter(key => key.startsWith('2')).toSorted()
    if (status !== undefined) return status === '2XX' ? 200 : Number(status)
    return this.message.responses.has('DEFAULT') ? 200 : 204
  }
}

export function routesOf(document: SourceDocument): MessageRoute[] {
  return findOutgoing(document, () => {}).outgoing.map(outgoing => new MessageRoute(document, outgoing))
}

export function contentOf(
  contents: readonly MessageContent[],
  contentType: string | undefined,
): MessageContent | undefined {
  if (contentType === undefined) return contents[0]
  const essence = mediaTypeEssence(contentType)
  const [type] = essence.split('/')
  return (
    contents.find(({ mediaType }) => mediaTypeEssence(mediaType) === essence) ??
    contents.find(({ mediaType }) => [`${type}/*`, '*/*'].includes(mediaTypeEssence(mediaType)))
  )
}
