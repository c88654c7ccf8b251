import type { Ajv2020 as Ajv, ValidateFunction } from 'ajv/dist/2020.js'
import { decodeJson } from '../../json/decode-json.ts'
import { once } from '../../once.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'

/** What is not as declared, and where. */
export interface BodyFault {
  /** A JSON pointer; empty for the whole. */
  readonly pointer: string
  readonly detail: string
}

const MOST_FAULTS = 10
const compiled = new WeakMap<object, Promise<ValidateFunction | undefined>>()

/**
 * What a JSON body has that its schema does not allow; undefined where that cannot be checked. The schema is of draft
 * 2020-12.
 */
export async function bodyFaults(schema: JsonSchema, body: Uint8Array): Promise<readonly BodyFault[] | undefined> {
  const validate = await validatorOf(schema)
  if (validate === undefined) return undefined
  let value: unknown
  try {
    value = decodeJson(body)
  } catch {
    return [{ pointer: '', detail: 'is not JSON' }]
  }
  if (validate(value) === true) return []
  return (validate.errors ?? []).slice(0, MOST_FAULTS).map(({ instancePath, message = 'is invalid', params }) => ({
    pointer: instancePath,
    detail: 'additionalProperty' in params ? `must not have "${params['additionalProperty']}"` : message,
  }))
}

function validatorOf(schema: JsonSchema): Promise<ValidateFunction | undefined> {
  const key = schema as object
  const known = compiled.get(key)
  if (known !== undefined) return known
  const made = ajv()
    .then(one => one.compile(schema))
    // In a process that may not generate code, nothing can be checked.
    .catch(() => undefined)
  compiled.set(key, made)
  return made
}

const ajv = once(async (): Promise<Ajv> => {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  return new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false })
})
