import { isDeepStrictEqual } from 'node:util'
import { DefinitionError } from '../definition/definition-error.ts'
import type { SecurityRequirement, SecurityScheme } from '../operation/security-scheme.ts'
import type { SecurityRequirementObject } from './objects/security-requirement-object.ts'
import type { Place } from './place.ts'

/** Collects the security schemes of a document, those that only a callback uses too. */
export class SecuritySchemes {
  readonly #schemes = new Map<string, { readonly scheme: SecurityScheme; readonly place: Place }>()

  /** All requirements of one operation as one object, in which each must hold; undefined where there are none. */
  require(requirements: readonly SecurityRequirement[], place: Place): SecurityRequirementObject[] | undefined {
    const merged: SecurityRequirementObject = {}
    for (const { name, scheme, scopes } of requirements) {
      this.#add(name, scheme, place)
      merged[name] = [...new Set([...(merged[name] ?? []), ...scopes])]
    }
    return requirements.length === 0 ? undefined : [merged]
  }

  /** `components.securitySchemes`. */
  finish(): Record<string, SecurityScheme> {
    const sorted = [...this.#schemes].sort(([a], [b]) => (a < b ? -1 : 1))
    return Object.fromEntries(sorted.map(([name, { scheme }]) => [name, structuredClone(scheme)]))
  }

  #add(name: string, scheme: SecurityScheme, place: Place): void {
    const known = this.#schemes.get(name)
    if (known === undefined) this.#schemes.set(name, { scheme, place })
    else if (!isDeepStrictEqual(known.scheme, scheme))
      throw new DefinitionError(
        `The security scheme name "${name}" is used for two different schemes, one of ${known.place.words} and one of ${place.words}: give one of them another name`,
      )
  }
}
