import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../../schema/json-schema.ts'

/** Something in a value that its schema does not allow. */
export interface ValueFault {
  /** A JSON Pointer with its "#". */
  readonly pointer: string
  readonly detail: string
}

/** Compares values with a schema; gives nothing where the value is valid. */
export type ValueCheck = (value: unknown) => readonly ValueFault[]

/** More are not read by anybody. */
const mostFaults = 10

/** A check for a schema that refers to nothing outside. One that cannot be compiled lets everything pass. */
export function createValueCheck(schema: JsonSchema | undefined): ValueCheck {
  if (schema === undefined) return () => []
  const validate = compile(schema)
  if (validate === undefined) return () => []
  return value => {
    if (validate(value)) return []
    return (validate.errors ?? []).slice(0, mostFaults).map(fault)
  }
}

function compile(schema: JsonSchema): ValidateFunction | undefined {
  try {
    const ajv = new Ajv2020({ strict: false, validateFormats: false, validateSchema: false, logger: false })
    return ajv.compile(schema)
  } catch {
    return undefined
  }
}

function fault({ instancePath, message, params, keyword }: ErrorObject): ValueFault {
  const named = keyword === 'additionalProperties' ? `: "${params['additionalProperty']}"` : ''
  const allowed = keyword === 'enum' ? `: ${JSON.stringify(params['allowedValues'])}` : ''
  return { pointer: `#${instancePath}`, detail: `${message ?? 'is not valid'}${named}${allowed}` }
}
