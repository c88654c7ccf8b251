import { parse as parseQuery } from 'node:querystring'
import { parse as parseCookies } from 'hono/utils/cookie'
import type { RequestView } from '../http/request-view.ts'
import type { ParameterGroup, ParameterKey } from '../operation/parameter-group.ts'
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
    this.#query ??= parseQuery(this.#view.queryText, '&', '=', { maxKeys: 0 })
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
        return parseCookies(this.#view.header('cookie') ?? '')
    }
  }
}

/** The validated values of some groups, by their key in the definition. */
export type ParameterResult = { readonly [K in ParameterKey]?: unknown }

/** Decodes and validates groups of parameters; what is wrong is added to `errors`. */
export async function decodeParameters(
  groups: readonly ParameterGroup[],
  texts: RequestTexts,
  errors: ValidationError[],
): Promise<ParameterResult> {
  const values: { [K in ParameterKey]?: unknown } = {}
  for (const group of groups) {
    const validating = group.read(texts.of(group))
    const result = validating instanceof Promise ? await validating : validating
    if (result.issues !== undefined) errors.push(...validationErrors(group.location, result.issues))
    else values[group.key] = result.value
  }
  return values
}
