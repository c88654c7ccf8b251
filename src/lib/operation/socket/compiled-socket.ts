import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { isThenable } from '../../is-thenable.ts'
import { type CheckJson, compileJsonCheck } from '../../schema/coercion/check-json.ts'
import { type CompiledSchema, compileSchema } from '../../schema/compiled-schema.ts'
import { compileSent } from '../../schema/encoding/sent-schema.ts'
import { compilePruning, type Pruning } from '../../schema/prune.ts'
import type { Schema } from '../../schema/schema.ts'
import { contentOf } from '../bodies/content-schema.ts'
import type { AnySocketDefinition } from './socket-definition.ts'
import { checkOrigins } from './websocket-options.ts'

/** How a message travels: JSON and text in text messages, bytes in binary ones. */
type MessageKind = 'json' | 'text' | 'bytes'

/** The messages that come. */
export interface ReceivedMessages {
  readonly kind: MessageKind
  readonly check: CheckJson
}

/** The messages that are sent. */
export interface SentMessages {
  readonly kind: MessageKind
  readonly schema: CompiledSchema
  /** Removes what the schema does not declare, whatever its library let through. */
  readonly prune: Pruning | undefined
}

/** What a WebSocket has beside what every route has. */
export interface CompiledSocket {
  readonly receive: ReceivedMessages | undefined
  readonly send: SentMessages | undefined
  readonly subprotocols: readonly string[]
  /** Undefined where those of the application count. */
  readonly allowedOrigins: readonly string[] | undefined
}

type Declared = Pick<AnySocketDefinition, 'receive' | 'send' | 'subprotocols' | 'allowedOrigins'>

/** Compiles the part of a definition that other routes do not have. Throws a `DefinitionError`. */
export function compileSocket(
  { receive, send, subprotocols = [], allowedOrigins }: Declared,
  place: string,
): CompiledSocket {
  checkSubprotocols(subprotocols, place)
  if (allowedOrigins !== undefined) checkOrigins(allowedOrigins, place)
  return Object.freeze({
    receive: receive && compileReceived(receive, `"receive" of ${place}`),
    send: send && compileSentMessages(send, `"send" of ${place}`),
    subprotocols: [...subprotocols],
    allowedOrigins,
  })
}

function compileReceived(source: Schema, place: string): ReceivedMessages {
  const schema = compileSchema(source, place, ['input'])
  const kind = kindOf(schema, place)
  return Object.freeze({ kind, check: compileJsonCheck(schema, kind === 'json') })
}

function compileSentMessages(source: Schema, place: string): SentMessages {
  const kind = kindOf(compileSchema(source, place, []), place)
  const schema = compileSent(source, place)
  return Object.freeze({ kind, schema, prune: kind === 'json' ? compilePruning(schema.output) : undefined })
}

function kindOf({ source, validate }: CompiledSchema, place: string): MessageKind {
  const content = contentOf(source)
  if (content === undefined || content.isJson === true) return 'json'
  if (content.format === undefined)
    throw new DefinitionError(`The ${place} is not one message: give a schema, text() or bytes()`)
  const asText = validate('')
  return !isThenable(asText) && asText.issues === undefined ? 'text' : 'bytes'
}

/** RFC 6455, section 4.1: each is a token, and none stands twice. */
function checkSubprotocols(subprotocols: unknown, place: string): asserts subprotocols is readonly string[] {
  if (!Array.isArray(subprotocols))
    throw new DefinitionError(`"subprotocols" of ${place} is ${quoted(subprotocols)}: give a list of names`)
  for (const [index, name] of subprotocols.entries()) {
    if (typeof name !== 'string' || !/^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/.test(name))
      throw new DefinitionError(
        `"subprotocols" of ${place} contains ${quoted(name)}: write letters, digits and -._~ only, such as "chat.v2"`,
      )
    if (subprotocols.indexOf(name) !== index)
      throw new DefinitionError(`"subprotocols" of ${place} contains "${name}" twice: remove one`)
  }
}
