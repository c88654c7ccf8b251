import { isDeepStrictEqual } from 'node:util'
import { DefinitionError } from '../definition/definition-error.ts'
import type { SecurityRequirement, SecurityScheme } from '../operation/security-scheme.ts'
import type { OpenApiVersion } from './document-info.ts'
import type { SecurityRequirementObject } from './objects/security-requirement-object.ts'
import type { Place } from './place.ts'

/** Collects the security schemes of a document, including those that only a callback uses. */
export class SecuritySchemes {
  readonly #schemes = new Map<string, { readonly scheme: SecurityScheme; readonly place: Place }>()

  /**
   * The security requirements of one operation; undefined if there are none. One of the objects must be met, and in it
   * every name. An optional requirement is in the first object, but not in all of them.
   */
  require(requirements: readonly SecurityRequirement[], place: Place): SecurityRequirementObject[] | undefined {
    if (requirements.length === 0) return undefined
    for (const { name, scheme } of requirements) this.#add(name, scheme, place)
    let alternatives: SecurityRequirementObject[] = [{}]
    for (const [name, ofName] of Map.groupBy(requirements, ({ name }) => name)) {
      const scopes = [...new Set(ofName.flatMap(({ scopes }) => scopes))]
      const withName = alternatives.map(alternative => ({ ...alternative, [name]: scopes }))
      alternatives = ofName.every(({ optional }) => optional) ? [...withName, ...alternatives] : withName
    }
    return alternatives
  }

  /** `components.securitySchemes`. */
  finish(version: OpenApiVersion): Record<string, SecurityScheme> {
    const sorted = [...this.#schemes].sort(([a], [b]) => (a < b ? -1 : 1))
    const written = (name: string, scheme: SecurityScheme) => (version === '3.1' ? asOf31(name, scheme) : scheme)
    return Object.fromEntries(sorted.map(([name, { scheme }]) => [name, structuredClone(written(name, scheme))]))
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

/** A scheme without what only OpenAPI 3.2 has. */
function asOf31(name: string, scheme: SecurityScheme): SecurityScheme {
  if (scheme.type !== 'oauth2') return scheme
  const { oauth2MetadataUrl: _of32, flows, ...rest } = scheme
  const { deviceAuthorization, ...known } = flows as Readonly<Record<string, object>>
  if (deviceAuthorization !== undefined && Object.keys(known).length === 0)
    throw new DefinitionError(
      `The security scheme "${name}" has only the flow "deviceAuthorization", which OpenAPI 3.1 does not know: give the application openapiVersion: '3.2'`,
    )
  return { ...rest, flows: known } as SecurityScheme
}
