import { ContentTooLargeError } from '../../http/body/content-too-large-error.ts'
import type { FormFields } from '../../http/form/form.ts'
import { holdsMoreValues } from '../../json/holds-more-values.ts'
import type { CompiledBodyContent } from '../../operation/compiled/compiled-body-content.ts'
import type { CompiledForm } from '../../operation/compiled/compiled-form.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { OperationRun } from '../operation-run.ts'

/** Validates the body that was read, if one is declared. */
export function validateBody(run: OperationRun, read: unknown): undefined | Promise<void> {
  const { content } = run
  if (content === undefined) return undefined
  const valid = checkedValue(run, content, read)
  if (valid instanceof Promise)
    return valid.then(settled => {
      run.context.body = settled
    })
  run.context.body = valid
  return undefined
}

function checkedValue(run: OperationRun, content: CompiledBodyContent, read: unknown): unknown {
  if (content.form !== undefined) return settled(run, checkForm(run, content.form, (read ?? {}) as FormFields))
  run.context['~raw'] = read
  if (read === undefined) return validateNothing(run, content)
  return settled(run, content.check(read, run.runtime.bodyRules.coerceJson))
}

/** A form that was sent without a body has no fields. What was sent are its fields as values. */
function checkForm(run: OperationRun, { fields }: CompiledForm, read: FormFields): Validated | Promise<Validated> {
  const decoded = fields.decode(read)
  const { bodyLimitValues } = run.operation.bodyLimits
  if (holdsMoreValues(decoded.values, bodyLimitValues)) throw new ContentTooLargeError(bodyLimitValues, 'values')
  run.context['~raw'] = decoded.values
  return fields.validate(read, decoded)
}

/** A body that was not sent: the library's message would be about types that the client never wrote. */
function validateNothing({ errors }: OperationRun, { schema, mayBeMissing }: CompiledBodyContent): unknown {
  const missing = (): undefined => {
    errors.push({ in: 'body', pointer: '#', code: 'required', detail: 'The body is missing' })
  }
  if (!mayBeMissing()) return missing()
  const settle = (result: Validated): unknown => (result.issues === undefined ? result.value : missing())
  const result = schema.validate(undefined)
  return result instanceof Promise ? result.then(settle) : settle(result)
}

const settled = (run: OperationRun, result: Validated | Promise<Validated>): unknown =>
  result instanceof Promise ? result.then(validated => taken(run, validated)) : taken(run, result)

function taken({ errors, runtime }: OperationRun, result: Validated): unknown {
  if (result.issues === undefined) return result.value
  errors.push(...validationErrors('body', result.issues, { readsText: runtime.bodyRules.coerceJson }))
  return undefined
}
