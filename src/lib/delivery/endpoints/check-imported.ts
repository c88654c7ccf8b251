import { similarName } from '../../definition/similar-name.ts'
import type { ImportedEndpoint } from './endpoint.ts'
import { InvalidEndpointError } from './errors/invalid-endpoint-error.ts'
import { checkSecret, mostSigning } from './rotated-secrets.ts'
import type { KeptSecret } from './sealed-endpoint.ts'

const names: { readonly [Name in keyof Required<ImportedEndpoint>]: true } = {
  ...{ id: true, owner: true, url: true, description: true, events: true, channels: true, metadata: true },
  ...{ headers: true, ratePerSecond: true, secrets: true, headerPrefixes: true, disabled: true, createdAt: true },
}
const mostPrefixes = 4

/**
 * Checks what only an imported endpoint has: whoever wrote it knew no types. `checkEndpoint` checks the rest. Throws
 * `InvalidEndpointError`.
 */
export function checkImported(imported: unknown): asserts imported is ImportedEndpoint {
  if (typeof imported !== 'object' || imported === null) refuse('', 'give an object')
  for (const name of Object.keys(imported)) {
    if (Object.hasOwn(names, name)) continue
    const similar = name.length <= 40 ? similarName(name, Object.keys(names)) : undefined
    refuse(`/${name.slice(0, 40)}`, `an endpoint has no such property${similar ? `; did you mean "${similar}"?` : ''}`)
  }
  const { id, headerPrefixes, disabled, createdAt } = imported as Readonly<Record<keyof ImportedEndpoint, unknown>>
  if (id !== undefined && !(typeof id === 'string' && /^[\w-]{1,128}$/.test(id)))
    refuse('/id', 'write 1 to 128 letters, digits, "_" and "-"')
  if (disabled !== undefined && typeof disabled !== 'boolean') refuse('/disabled', 'give true or false')
  if (createdAt !== undefined && !isDate(createdAt)) refuse('/createdAt', 'give a valid date')
  if (headerPrefixes !== undefined) checkPrefixes(headerPrefixes)
}

function refuse(pointer: string, detail: string): never {
  throw new InvalidEndpointError(pointer, detail)
}

const isDate = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime())

function checkPrefixes(prefixes: unknown): void {
  if (!Array.isArray(prefixes)) refuse('/headerPrefixes', 'give a list of words, such as ["svix"]')
  if (prefixes.length > mostPrefixes)
    refuse('/headerPrefixes', `it has ${prefixes.length} words; give at most ${mostPrefixes}`)
  for (const [index, prefix] of prefixes.entries())
    if (typeof prefix !== 'string' || !/^[a-z][a-z0-9-]{0,30}$/.test(prefix) || prefix === 'webhook')
      refuse(`/headerPrefixes/${index}`, 'write a word in lower case, such as "svix"')
}

/** The secrets of an imported endpoint, the newest first. Throws `InvalidEndpointError`. */
export function importedSecrets(given: unknown, createdAt: number): KeptSecret[] {
  if (!Array.isArray(given) || given.length === 0) refuse('/secrets', 'give at least one, the newest first')
  if (given.length > mostSigning) refuse('/secrets', `it has ${given.length} secrets; give at most ${mostSigning}`)
  return given.map((each: unknown, index) => {
    const pointer = `/secrets/${index}`
    const { secret, expiresAt } = typeof each === 'string' ? { secret: each } : secretWithEnd(each, pointer)
    checkSecret(secret, pointer)
    if (index === 0 && expiresAt !== undefined) refuse(pointer, 'the newest one has no end: give its text')
    if (index > 0 && expiresAt === undefined) refuse(pointer, 'give the time at which it ends: { secret, expiresAt }')
    return { secret, createdAt, ...(expiresAt !== undefined && { expiresAt: expiresAt.getTime() }) }
  })
}

function secretWithEnd(given: unknown, pointer: string): { secret: string; expiresAt?: Date } {
  const { secret, expiresAt } = Object(given) as { readonly secret?: unknown; readonly expiresAt?: unknown }
  if (typeof secret !== 'string') refuse(pointer, 'give text, or { secret, expiresAt }')
  if (expiresAt !== undefined && !isDate(expiresAt)) refuse(`${pointer}/expiresAt`, 'give a valid date')
  return { secret, ...(expiresAt !== undefined && { expiresAt }) }
}
