import type { Ajv2020 as Ajv, ValidateFunction } from 'ajv/dist/2020.js'
import { decodeJson } from '../decode-json.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import type { DeclaredResponses } from './delivery-request.ts'

/** Says whether an answer is one of the declared ones. */
export interface ResponseCheck {
  /** `responses` as JSON text; without any, every 2xx is as declared. Answers at once where it has seen them before. */
  isDeclared(responses: string | undefined, status: number, body: Uint8Array): boolean | Promise<boolean>
}

type Check = (body: Uint8Array) => boolean
type Checks = ReadonlyMap<string, Check>
const keptTexts = 500

/** The compiled schemas are kept by the text they came from; Ajv is loaded when the first one is met. */
export function createResponseCheck(): ResponseCheck {
  const byText = new Map<string, Checks | Promise<Checks>>()
  let ajv: Promise<Ajv> | undefined
  const compile = async (text: string) => {
    ajv ??= loadAjv()
    return compileResponses(JSON.parse(text), await ajv)
  }
  const compileOnce = (text: string) => {
    if (byText.size >= keptTexts) byText.clear()
    // Of a text that cannot be read nothing is declared: an attempt has to end all the same.
    const compiling = compile(text).catch((): Checks => new Map())
    byText.set(text, compiling)
    compiling.then(checks => byText.set(text, checks))
    return compiling
  }
  return {
    isDeclared(responses, status, body) {
      if (responses === undefined) return status >= 200 && status < 300
      const checks = byText.get(responses) ?? compileOnce(responses)
      return checks instanceof Promise
        ? checks.then(compiled => passes(compiled, status, body))
        : passes(checks, status, body)
    },
  }
}

function passes(checks: Checks, status: number, body: Uint8Array): boolean {
  const check = checks.get(String(status)) ?? checks.get(`${Math.floor(status / 100)}XX`) ?? checks.get('DEFAULT')
  return check?.(body) ?? false
}

async function loadAjv(): Promise<Ajv> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  return new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false })
}

/** A status without a schema declares an answer with any body; no answer fits a schema that cannot be compiled. */
function compileResponses(responses: DeclaredResponses, ajv: Ajv): Checks {
  return new Map(
    Object.entries(responses).map(([status, { schema }]) => {
      const validate = schema && compileSchema(schema, ajv)
      return [status.toUpperCase(), body => schema === undefined || (validate !== undefined && isValid(validate, body))]
    }),
  )
}

function compileSchema(schema: JsonSchema, ajv: Ajv): ValidateFunction | undefined {
  try {
    return ajv.compile(schema)
  } catch {
    return undefined
  }
}

function isValid(validate: ValidateFunction, body: Uint8Array): boolean {
  try {
    return validate(decodeJson(body)) === true
  } catch {
    return false
  }
}
