import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import { Ringback } from 'ringback'
import { serve } from 'ringback/node'
import { typebox } from 'ringback/typebox'
import Type from 'typebox'
import * as v from 'valibot'
import { z } from 'zod'

export const app = new Ringback({ title: 'Harbour', version: '1.0.0' })

// Zod
const ZodBoat = z.object({ name: z.string().min(1), nights: z.int().default(1) })
app.post('/zod', { body: ZodBoat, response: ZodBoat }, async function withZod({ body }) {
  return body
})

// ArkType
const ArkBoat = type({ name: 'string > 0', nights: 'number.integer = 1' })
app.post('/arktype', { body: ArkBoat, response: ArkBoat }, async function withArkType({ body }) {
  return body
})

// Valibot, with its own JSON Schema
const ValibotBoat = toStandardJsonSchema(
  v.object({ name: v.pipe(v.string(), v.minLength(1)), nights: v.optional(v.pipe(v.number(), v.integer()), 1) }),
)
app.post('/valibot', { body: ValibotBoat, response: ValibotBoat }, async function withValibot({ body }) {
  return body
})

// TypeBox, which is JSON Schema already
const TypeBoxBoat = typebox(
  Type.Object({ name: Type.String({ minLength: 1 }), nights: Type.Optional(Type.Integer({ default: 1 })) }),
)
app.post('/typebox', { body: TypeBoxBoat, response: TypeBoxBoat }, async function withTypeBox({ body }) {
  return body
})

if (import.meta.main) await serve(app)
