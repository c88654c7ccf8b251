import { DefinitionError } from '../../definition/definition-error.ts'
import type { Input, Output, Schema } from '../../schema/schema.ts'
import { type ContentSchema, contentSchema } from './content-schema.ts'

/** The schema that `oneOf` gives: the handler gets the body of any of them. */
export type OneOfSchema<B extends readonly Schema[]> = ContentSchema<Input<B[number]>, Output<B[number]>>

/**
 * A body in one of several media types, chosen by its `Content-Type`; any other one is a 415 that names them. A schema
 * alone is JSON. The handler gets the value of the one that was sent: let a property tell them apart where it matters.
 * Throws a `DefinitionError` where nothing is given.
 *
 * @example
 * ```ts
 * import { form, oneOf, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Notes', version: '1.0.0' })
 * const Note = z.object({ text: z.string() })
 * app.post('/notes', { body: oneOf(Note, form(Note)), response: z.string() }, ({ body }) => body.text)
 *
 * const post = async (body: BodyInit, contentType: string) => {
 *   const request = { method: 'POST', headers: { 'content-type': contentType }, body }
 *   return (await app.fetch(new Request('http://localhost/notes', request))).json()
 * }
 * console.log(await post('{"text":"one"}', 'application/json')) // one
 * console.log(await post('text=two', 'application/x-www-form-urlencoded')) // two
 * ```
 */
export function oneOf<const B extends readonly [Schema, ...Schema[]]>(...bodies: B): OneOfSchema<B> {
  if (bodies.length === 0) throw new DefinitionError('"oneOf" needs bodies: give a schema for each media type')
  return contentSchema<Input<B[number]>, Output<B[number]>>({
    content: { oneOf: bodies },
    jsonSchema: {},
    fault: () => undefined,
  })
}
