import type { SentMessages } from '../../operation/socket/compiled-socket.ts'
import { MessageInvalidError } from '../../operation/socket/message-invalid-error.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { isStackOverflow } from '../../schema/stack-overflow.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { SocketMessage } from './socket-connection.ts'

/**
 * What is sent for a value: validated, without undeclared properties. A promise only where the validation is one.
 * Throws `MessageInvalidError`.
 */
export function writeMessage(
  value: unknown,
  declared: SentMessages | undefined,
  operationId: string,
): SocketMessage | Promise<SocketMessage> {
  const invalid = (reason: string) => new MessageInvalidError(operationId, reason)
  if (declared === undefined) throw invalid('it has no "send", so nothing can be sent; declare one')
  const { kind, schema, prune } = declared
  const write = (checked: Validated): SocketMessage => {
    if (checked.issues !== undefined) {
      const [first] = validationErrors('body', checked.issues)
      throw invalid(`at "${first?.pointer}": ${first?.detail}`)
    }
    if (kind !== 'json') return checked.value as SocketMessage
    const text = jsonOf(checked.value, prune, invalid)
    if (text === undefined) throw invalid('JSON does not have such a value: send null and let the schema accept it')
    return text
  }
  const checked = schema.validate(value)
  return checked instanceof Promise ? checked.then(write) : write(checked)
}

function jsonOf(
  value: unknown,
  prune: SentMessages['prune'],
  invalid: (reason: string) => MessageInvalidError,
): string | undefined {
  try {
    return JSON.stringify(prune === undefined ? value : prune(value)) as string | undefined
  } catch (thrown) {
    if (isStackOverflow(thrown)) throw invalid('it is nested too deeply')
    throw thrown
  }
}
