import type { CompiledMessage } from '../operation/compiled/compiled-message.ts'
import { type CompiledSchema, compileSchema } from '../schema/compiled-schema.ts'
import type { Schema } from '../schema/schema.ts'

/** The message from the receiver's point of view: a codec of its body decodes what the sender has encoded. */
export function asReceived<M extends CompiledMessage>(message: M, body: Schema | undefined): M {
  if (body === undefined || message.body === undefined) return message
  const { validate } = compileSchema(body, `"body" of "${message.name}"`, [])
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
