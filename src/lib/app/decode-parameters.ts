import { cookies } from '../http/cookies.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { RequestView } from '../http/request-view.ts'
import type { ParameterGroup, ParameterKey } from '../operation/parameter-group.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import type { ParameterTexts } from '../schema/decode-parameters.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'

/** The parameters of one request as they were sent; each part is read when it is asked for. */
export class RequestTexts {
  readonly params: Readonly<Record<string, string>>
  readonly #view: RequestView
  #query: ParameterTexts | undefined

  constructor(view: RequestView, params: Readonly<Record<string, string>>) {
    this.#view = view
    this.params = params
  }

  get query(): ParameterTexts {
    this.#query ??= parseQuery(this.#view.queryText)
    return this.#query
  }

  /** What the group reads, by the names that it declares. */
  of({ key, properties }: ParameterGroup): ParameterTexts {
    switch (key) {
      case 'params':
        return this.params
      case 'query':
        return this.query
      case 'headers':
        return Object.fromEntries(
          [...properties.keys()].map(name => [name, this.#view.header(name.toLowerCase())] as const),
        )
      case 'cookies':
        return cookies().parse(this.#view.header('cookie') ?? '')
    }
  }
}

/** The validated values of some groups, by their key in the definition. */
export type ParameterValuesByKey = { [K in ParameterKey]?: unknown }

/**
 * Decodes and validates groups of parameters into `values`; what is wrong is added to `errors`. Gives a promise only
 * where a schema's own validation does.
 */
export function decodeParameters(
  groups: readonly ParameterGroup[],
  texts: RequestTexts,
  values: ParameterValuesByKey,
  errors: ValidationError[],
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
  else errors.push(...validationErrors(group.location, result.issues))
}
