import type { Ajv2020 as Ajv, ValidateFunction } from 'ajv/dist/2020.js'
import { decodeJson } from '../../json/decode-json.ts'
import type { Log } from '../../log/log.ts'
import type { JsonSchema } from '../../schema/json-schema.ts'
import type { DeclaredResponses } from '../delivery-request.ts'
import { declaredResponse } from './declared-response.ts'

/** Tells whether a response is one of the declared ones. */
export interface ResponseCheck {
  /**
   * `responses` is JSON text; without it, every 2xx is as declared. Returns undefined if this cannot be checked; the
   * log then says so once and names the operation and callback. Returns no promise if `responses` were seen before.
   */
  isDeclared(
    responses: string | undefined,
    status: number,
    body: Uint8Array,
    whose: { readonly operation: string; readonly callback: string },
  ): Verdict | Promise<Verdict>
}

/** Undefined means not checked. */
type Verdict = boolean | undefined
type Check = (body: Uint8Array) => Verdict
type Checks = ReadonlyMap<string, Check>
const keptTexts = 500
const mostTold = 100

/** Compiled schemas are kept by their JSON text. Ajv is loaded for the first one. */
export function createResponseCheck(log: Log): ResponseCheck {
  const byText = new Map<string, Checks | Promise<Checks>>()
  const told = new Set<string>()
  let ajv: Promise<Ajv> | undefined
  const compile = async (text: string, tell: (error: unknown) => void) => {
    ajv ??= loadAjv()
    return compileResponses(JSON.parse(text), await ajv, tell)
  }
  const compileOnce = (text: string, whose: object) => {
    if (byText.size >= keptTexts) byText.clear()
    const tell = (error: unknown) => {
      // In a process that may not generate code, the reason is the same for all of them.
      const reason = String(error)
      if (told.has(reason) || told.size >= mostTold) return
      told.add(reason)
      log.warn('Responses cannot be compared with their declarations and are not checked', { ...whose, error })
    }
    const compiling = compile(text, tell).catch((error: unknown): Checks => {
      tell(error)
      return notChecked
    })
    byText.set(text, compiling)
    compiling.then(checks => byText.set(text, checks))
    return compiling
  }
  return {
    isDeclared(responses, status, body, whose) {
      if (responses === undefined) return status >= 200 && status < 300
      const checks = byText.get(responses) ?? compileOnce(responses, whose)
      return checks instanceof Promise
        ? checks.then(compiled => passes(compiled, status, body))
        : passes(checks, status, body)
    },
  }
}

const notChecked: Checks = new Map([['DEFAULT', () => undefined]])

function passes(checks: Checks, status: number, body: Uint8Array): Verdict {
  const check = declaredResponse(status, key => checks.get(key.toUpperCase()))
  return check === undefined ? false : check(body)
}

async function loadAjv(): Promise<Ajv> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  return new Ajv2020({ strict: false, validateFormats: false, addUsedSchema: false, logger: false })
}

/** Without a schema, a status is declared with any body. If its schema cannot be compiled, the body is not checked. */
function compileResponses(responses: DeclaredResponses, ajv: Ajv, tell: (error: unknown) => void): Checks {
  return new Map(
    Object.entries(responses).map(([status, { schema }]) => [
      status.toUpperCase(),
      schema === undefined ? () => true : compileSchema(schema, ajv, tell),
    ]),
  )
}

function compileSchema(schema: JsonSchema, ajv: Ajv, tell: (error: unknown) => void): Check {
  try {
    const validate = ajv.compile(schema)
    return body => isValid(validate, body)
  } catch (error) {
    tell(error)
    return () => undefined
  }
}

function isValid(validate: ValidateFunction, body: Uint8Array): boolean {
  try {
    return validate(decodeJson(body)) === true
  } catch {
    return false
  }
}
