import { ContentTooLargeError } from '../../http/body/content-too-large-error.ts'
import { readJsonText } from '../../http/body/json-body.ts'
import { HttpError } from '../../http/http-error.ts'
import type { ReceivedMessages } from '../../operation/socket/compiled-socket.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { SocketMessage } from './socket-connection.ts'

/** A message that closes its socket, with the status and the words for the client. */
export class UnfitMessage {
  readonly code: number
  readonly reason: string

  constructor(code: number, reason: string) {
    this.code = code
    this.reason = reason
  }
}

/** How messages are read: settings of the application. */
export interface ReadRules {
  readonly limitValues: number
  readonly coerceJson: boolean
}

/** The value of a message. Throws an `UnfitMessage`. */
export function readMessage(message: SocketMessage, declared: ReceivedMessages, rules: ReadRules): unknown {
  const { kind, check } = declared
  if ((typeof message === 'string') === (kind === 'bytes'))
    throw new UnfitMessage(1003, `This WebSocket takes ${WORDS[kind]}`)
  const value = kind === 'json' ? parsed(message as string, rules) : message
  const checked = check(value, rules.coerceJson)
  return checked instanceof Promise ? checked.then(settled => fitting(settled, rules)) : fitting(checked, rules)
}

const WORDS = { json: 'JSON in text messages', text: 'text messages', bytes: 'binary messages' } as const

function parsed(text: string, { limitValues }: ReadRules): unknown {
  try {
    return readJsonText(text, limitValues)
  } catch (error) {
    if (error instanceof ContentTooLargeError) throw new UnfitMessage(1009, `A message may hold ${limitValues} values`)
    if (error instanceof HttpError) throw new UnfitMessage(1008, error.message)
    throw error
  }
}

function fitting(checked: Validated, { coerceJson }: ReadRules): unknown {
  if (checked.issues === undefined) return checked.value
  const [first] = validationErrors('body', checked.issues, { readsText: coerceJson })
  throw new UnfitMessage(1008, `The message does not fit: ${first?.pointer} ${first?.detail}`)
}
