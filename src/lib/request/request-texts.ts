import { parseCookies } from '../http/parse-cookies.ts'
import { parseQuery } from '../http/parse-query.ts'
import type { RequestView } from '../http/request-view.ts'
import type { NamesOfOthers } from '../operation/compiled/names-of-others.ts'
import type { ParameterGroup } from '../operation/compiled/parameter-group.ts'
import type { ParameterTexts } from '../schema/parameters/decode-parameters.ts'
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

  /** What the group reads, under the names that it declares, without the names that others declare. */
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
