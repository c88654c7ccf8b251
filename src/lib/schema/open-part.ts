import { type JsonSchema, propertiesOf } from './json-schema.ts'
import { partsOf, possiblePartsOf, saysOthers } from './schema-parts.ts'

/** What an object schema says about undeclared properties. */
export interface OpenPart {
  /** A schema of an object with only those properties. */
  readonly schema: JsonSchema
  /** Whether any of them is required. */
  readonly required: boolean
}

/** The open part of an object schema; undefined where it says nothing about undeclared properties, or forbids them. */
export function openPartOf(root: JsonSchema): OpenPart | undefined {
  const declared = new Set(propertiesOf(root, root).keys())
  const always = new Set(partsOf([root], root).all)
  const found = possiblePartsOf([root], root).filter(isOpen)
  if (found.length === 0) return undefined
  const parts = found.map(part => ofOthers(part, declared))
  return {
    schema: parts.length === 1 ? parts[0]! : { anyOf: parts },
    required: found.some((part, index) => always.has(part) && 'required' in parts[index]!),
  }
}

const isOpen = (part: JsonSchema) =>
  saysOthers(part) && (part['additionalProperties'] !== false || 'patternProperties' in part)

/** The keywords of an object schema that apply to undeclared names, too. */
const KEPT = ['propertyNames', 'patternProperties', 'additionalProperties'] as const

function ofOthers(part: JsonSchema, declared: ReadonlySet<string>): JsonSchema {
  const names = Array.isArray(part['required']) ? part['required'] : []
  const required = names.filter(name => !declared.has(String(name)))
  const kept = KEPT.filter(keyword => keyword in part).map(keyword => [keyword, part[keyword]] as const)
  return { type: 'object', ...Object.fromEntries(kept), ...(required.length > 0 && { required }) }
}
