import type { ParameterGroup, ParameterKey } from '../../operation/compiled/parameter-group.ts'
import type { Validated } from '../../schema/compiled-schema.ts'
import { type ValidationError, validationErrors } from '../../schema/validation-error.ts'
import type { RequestRun } from '../request-run.ts'

/** The validated values of some groups, by their key in the definition. */
export type ParameterValuesByKey = { [K in ParameterKey]?: unknown }

/** Decodes and validates the parameters of the route itself. */
export function decodeOwnParameters(run: RequestRun): undefined | Promise<unknown> {
  run.context.params = run.texts.params
  return decodeParameters(run.route.parameters, run, run.context)
}

/**
 * Decodes and validates groups of parameters into `values`; mistakes are added to the errors of the request. Gives a
 * promise only where a schema's validation does.
 */
export function decodeParameters(
  groups: readonly ParameterGroup[],
  { texts, errors }: RequestRun,
  values: ParameterValuesByKey,
): undefined | Promise<unknown> {
  let waiting: Promise<void>[] | undefined
  for (const group of groups) {
    const result = group.read(texts.of(group))
    if (result instanceof Promise) {
      waiting ??= []
      waiting.push(result.then(settled => take(group, settled, values, errors)))
    } else take(group, result, values, errors)
  }
  return waiting && Promise.all(waiting)
}

function take(group: ParameterGroup, result: Validated, values: ParameterValuesByKey, errors: ValidationError[]): void {
  if (result.issues === undefined) values[group.key] = result.value
  // Two strict groups may refuse the same undeclared name.
  else
    for (const error of validationErrors(group.location, result.issues, READS_TEXT))
      if (!errors.some(known => isSame(known, error))) errors.push(error)
}

const READS_TEXT = { readsText: true }

const isSame = (a: ValidationError, b: ValidationError): boolean =>
  a.in === b.in && a.pointer === b.pointer && a.detail === b.detail
