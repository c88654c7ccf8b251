import type { CompiledBody } from '../../operation/compiled/compiled-operation.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { MANY_ISSUES } from '../../schema/issue.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { OperationRun } from '../operation-run.ts'

/** Validates the body that was sent, if one is declared. */
export function validateBody(run: OperationRun, sent: unknown): undefined | Promise<void> {
  const { body } = run.operation
  if (body === undefined) return undefined
  run.context['~raw'] = sent
  const valid = sent === undefined ? validateNothing(run, body) : validateSent(run, body)
  if (valid instanceof Promise)
    return valid.then(settled => {
      run.context.body = settled
    })
  run.context.body = valid
  return undefined
}

/** If validation fails, text is decoded to numbers and booleans, and the body is validated once more. */
function validateSent(run: OperationRun, body: CompiledBody): unknown {
  const result = body.schema.validate(run.sent)
  return result instanceof Promise
    ? result.then(settled => validated(run, body, settled))
    : validated(run, body, result)
}

/** A body that was not sent: the library's message would be about types that the client never wrote. */
function validateNothing({ errors }: OperationRun, { schema, mayBeMissing }: CompiledBody): unknown {
  const missing = (): undefined => {
    errors.push({ in: 'body', pointer: '#', code: 'required', detail: 'The body is missing' })
  }
  if (!mayBeMissing()) return missing()
  const settle = (result: Validated): unknown => (result.issues === undefined ? result.value : missing())
  const result = schema.validate(undefined)
  return result instanceof Promise ? result.then(settle) : settle(result)
}

/**
 * A body with very many mistakes is not one with numbers written as text, and a second validation would double the
 * time.
 */
const mayBeText = ({ issues, found = 0 }: Validated & { readonly found?: number }): boolean =>
  issues !== undefined && found <= MANY_ISSUES

function validated(run: OperationRun, body: CompiledBody, result: Validated): unknown {
  const { sent, runtime } = run
  const coerced = runtime.bodyRules.coerceJson && mayBeText(result) ? body.coerce(sent) : sent
  if (coerced === sent) return taken(run, result)
  const again = body.schema.validate(coerced)
  return again instanceof Promise ? again.then(settled => taken(run, settled)) : taken(run, again)
}

function taken({ errors, runtime }: OperationRun, result: Validated): unknown {
  if (result.issues === undefined) return result.value
  errors.push(...validationErrors('body', result.issues, { readsText: runtime.bodyRules.coerceJson }))
  return undefined
}
