import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { type CompiledOperation, compileOperation, type OperationParts } from '../compiled/compiled-operation.ts'
import { compileSocket } from './compiled-socket.ts'
import { type AnySocketDefinition, SOCKET_KEYS } from './socket-definition.ts'

/** What `compileSocketOperation` needs. */
type SocketParts = Omit<OperationParts, 'method' | 'definition'> & { readonly definition: AnySocketDefinition }

/**
 * Compiles a WebSocket as the operation that its handshake is: a GET, which the document leaves out. Throws a
 * `DefinitionError` that names what does not fit.
 */
export function compileSocketOperation({ definition, ...parts }: SocketParts): CompiledOperation {
  const place = `WebSocket ${parts.template.text}`
  checkNames(definition, SOCKET_KEYS, place)
  const { receive: _receive, send: _send, subprotocols: _names, allowedOrigins: _origins, ...handshake } = definition
  const socket = compileSocket(definition, place)
  const described = { ...handshake, documented: false }
  const operation = compileOperation({ ...parts, method: 'get', definition: described, place, socket })
  if (operation.dependencies.some(({ name }) => name === 'socket'))
    throw new DefinitionError(`The handler of ${place} already has "socket": give this dependency another name`)
  const last = operation.dependencies.find(({ compiled }) => compiled.isLast)
  if (last !== undefined)
    throw new DefinitionError(
      `"${last.name}" of ${place} would hold a transaction while the WebSocket is open: begin one for each message`,
    )
  return operation
}
