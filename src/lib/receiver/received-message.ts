import type { AnyCallbackOptions, CallbackMethod } from '../operation/callback-definition.ts'
import { type CompiledMessage, compileMessage } from '../operation/compiled/compiled-message.ts'
import { type CompiledSchema, compileSchema } from '../schema/compiled-schema.ts'

/**
 * Compiles a message from the receiver's point of view: a codec of its body decodes what the sender has encoded. Throws a
 * `DefinitionError` that names the `place`.
 */
export function compileReceivedMessage(
  name: string,
  definition: { readonly method: CallbackMethod; readonly options: AnyCallbackOptions },
  place: string,
): CompiledMessage {
  const message = compileMessage(name, definition, place)
  const { body } = definition.options
  if (body === undefined || message.body === undefined) return message
  const { validate } = compileSchema(body, `"body" of ${place}`, [])
  return { ...message, body: validatedBy(message.body, validate) }
}

/** The schema with another validation. What it describes is asked for only where that is needed, as before. */
export function validatedBy(schema: CompiledSchema, validate: CompiledSchema['validate']): CompiledSchema {
  return {
    source: schema.source,
    vendor: schema.vendor,
    validate,
    get input() {
      return schema.input
    },
    get output() {
      return schema.output
    },
  }
}
