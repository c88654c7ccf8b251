import { WEBHOOK_MESSAGE, webhookMessage } from '../webhooks/webhook-message.ts'
import { type JsonObject, listOf, objectOf, textOf } from './json-object.ts'
import { union } from './merged-members.ts'
import type { DocumentParts } from './receiver-operation.ts'
import { textConstants, textDiscriminator } from './text-constants.ts'

/**
 * A schema that takes what any of the schemas takes. Those that a property tells apart become a component with a
 * discriminator, the others stand beside it.
 */
export function mergedSchema(schemas: readonly unknown[], parts: DocumentParts): unknown {
  const branches = union(schemas)
  if (branches.length === 1) return branches[0]
  const apart = toldApart(branches, parts)
  if (apart === undefined) return anyOf(branches)
  const { told, mapping, property } = apart
  const reference = { $ref: `#/components/schemas/${defined(webhookMessage(property, mapping), parts)}` }
  const others = branches.filter(branch => !told.includes(branch))
  return others.length === 0 ? reference : anyOf([reference, ...others])
}

function anyOf(branches: readonly unknown[]): unknown {
  const all = union(branches.flatMap(flat))
  return all.length === 1 ? all[0] : { anyOf: all }
}

/** Generators refuse a union that is directly within a union. */
const flat = (branch: unknown): readonly unknown[] => {
  const { anyOf, ...others } = objectOf(branch)
  return Array.isArray(anyOf) && Object.keys(others).length === 0 ? anyOf : [branch]
}

/** The components that are told apart: all of them by any property, or those that have a `type`. */
function toldApart(branches: readonly unknown[], { references }: DocumentParts) {
  const resolve = (schema: unknown) => references.resolved(schema)
  const components = branches
    .map(objectOf)
    .filter(branch => textOf(branch['$ref'])?.startsWith('#/components/schemas/') === true)
  const all = components.length === branches.length ? components : []
  const typed = components.filter(component => textConstants(component, resolve).has('type'))
  for (const told of [all, typed]) {
    const found = textDiscriminator(told, resolve)
    if (found === undefined) continue
    const mapping = [...found.indexes].map(([value, index]) => [value, String(told[index]!['$ref'])] as const)
    return { told: told as readonly unknown[], mapping: Object.fromEntries(mapping), property: found.name }
  }
  return undefined
}

/** Adds the union, and gives its name. That of the document may stand for the same. */
function defined(schema: JsonObject, { references, copier }: DocumentParts): string {
  const isFree = (name: string) => {
    const known = references.at(`#/components/schemas/${name}`)
    const same = JSON.stringify(listOf(objectOf(known)['oneOf'])) === JSON.stringify(schema['oneOf'])
    return known === undefined || same
  }
  let name = WEBHOOK_MESSAGE
  for (let number = 2; !isFree(name); number++) name = WEBHOOK_MESSAGE + number
  copier.define(name, schema)
  return name
}
