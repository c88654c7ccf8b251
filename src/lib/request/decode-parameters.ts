import { parseCookies } from '../http/parse-cookies.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { RequestView } from '../http/request-view.ts'
import type { NamesOfOthers } from '../operation/compiled/names-of-others.ts'
import type { ParameterGroup, ParameterKey } from '../operation/compiled/parameter-group.ts'
import type { Validated } from '../schema/compiled-schema.ts'
import type { ParameterTexts } from '../schema/parameters/decode-parameters.ts'
import { type ValidationError, validationErrors } from '../schema/validation-error.ts'
import { percentDecode } from '../url/percent-decode.ts'

/** The parameters of one request as they were sent; each part is read when it is asked for. */
export class RequestTexts {
  /** Decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly #view: RequestView
  readonly #path: Readonly<Record<string, string>>
  readonly #namesOfOthers: NamesOfOthers | undefined
  #query: ParameterTexts | undefined

  constructor(view: RequestView, path: Readonly<Record<string, string>>, namesOfOthers?: NamesOfOthers) {
    this.#view = view
    this.#path = path
    this.#namesOfOthers = namesOfOthers
    this.params = decoded(path)
  }

  get query(): ParameterTexts {
    this.#query ??= parseQuery(this.#view.queryText)
    return this.#query
  }

  /** What the group reads, by the names that it declares; without what others declare. */
  of(group: ParameterGroup): ParameterTexts {
    const texts = this.#all(group)
    const isOthers = this.#namesOfOthers?.get(group)
    if (isOthers === undefined) return texts
    return Object.fromEntries(Object.entries(texts).filter(([name]) => !isOthers(name)))
  }

  #all({ key, properties }: ParameterGroup): ParameterTexts {
    switch (key) {
      case 'params':
        return this.#path
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

/** The same object where nothing is percent-encoded. */
function decoded(path: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name in path)
    if (path[name]!.includes('%'))
      return Object.fromEntries(Object.entries(path).map(([name, text]) => [name, percentDecode(text)]))
  return path
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
  // Two strict groups refuse the same undeclared name.
  else
    for (const error of validationErrors(group.location, result.issues))
      if (!errors.some(known => isSame(known, error))) errors.push(error)
}

const isSame = (a: ValidationError, b: ValidationError): boolean =>
  a.in === b.in && a.pointer === b.pointer && a.detail === b.detail
