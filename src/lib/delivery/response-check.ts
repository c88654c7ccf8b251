import type { Ajv2020 as Ajv, ValidateFunction } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../schema/json-schema.ts'
import type { DeclaredResponses } from './delivery-request.ts'

/** Says whether an answer is one of the declared ones. */
export interface ResponseCheck {
  /** `responses` as JSON text; without any, every 2xx is as declared. */
  isDeclared(responses: string | undefined, status: number, body: Uint8Array): Promise<boolean>
}

type Check = (body: Uint8Array) => boolean
const keptTexts = 500
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The compiled schemas are kept by the text they came from; Ajv is loaded when the first one is met. */
export function createResponseCheck(): ResponseCheck {
  const byText = new Map<string, Promise<ReadonlyMap<string, Check>>>()
  let ajv: Promise<Ajv> | undefined
  const compile = async (text: string) => {
    ajv ??= loadAjv()
    return compileResponses(JSON.parse(text), await ajv)
  }
  return {
    async isDeclared(responses, status, body) {
      if (responses === undefined) return status >= 200 && status < 300
      let checks = byText.get(responses)
      if (checks === undefined) {
        if (byText.size >= keptTexts) byText.clear()
        // Of a text that cannot be read nothing is declared: an attempt has to end all the same.
        checks = compile(responses).catch(() => new Map<string, Check>())
        byText.set(responses, checks)
      }
      const known = await checks
      const check = known.get(String(status)) ?? known.get(`${Math.floor(status / 100)}XX`) ?? known.get('DEFAULT')
      return check?.(body) ?? false
    },
  }
}

async function loadAjv(): Promise<Ajv> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  return new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false })
}

/** A status without a schema declares an answer with any body; no answer fits a schema that cannot be compiled. */
function compileResponses(responses: DeclaredResponses, ajv: Ajv): ReadonlyMap<string, Check> {
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
    return validate(JSON.parse(utf8.decode(body))) === true
  } catch {
    return false
  }
}
