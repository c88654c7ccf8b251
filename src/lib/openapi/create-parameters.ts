import { capital } from '../operation/compiled/identifier.ts'
import type { ParameterGroup, ParameterLocation } from '../operation/compiled/parameter-group.ts'
import type { Components } from './components.ts'
import { definedMembers } from './defined-members.ts'
import type { ParameterObject } from './objects/parameter-object.ts'
import type { Place, Side } from './place.ts'
import { liftAnnotations } from './schemas/lift-annotations.ts'
import type { DocumentProperty } from './schemas/schema-components.ts'

/**
 * Headers that a document describes elsewhere, under content and security (OpenAPI 3.1.1, "Parameter Object", `name`).
 */
const DESCRIBED_ELSEWHERE: ReadonlySet<string> = new Set(['accept', 'content-type', 'authorization'])

/** The parameters of groups. Of two with the same name only the first is kept; it is required if either of them is. */
export function createParameters(
  groups: readonly ParameterGroup[],
  side: Side,
  components: Components,
  owner: Place,
): ParameterObject[] {
  const found = new Map<string, ParameterObject>()
  const declared = groups.flatMap(group => groupParameters(group, side, components, owner))
  const others = groups.flatMap(group => freeNames(group, side, components, owner))
  let name = 'others'
  while (declared.some(parameter => parameter.in === 'query' && parameter.name === name)) name = `_${name}`
  for (const parameter of [...declared, ...others.map(other => ({ name, ...other }))]) {
    const key = `${parameter.in} ${parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name}`
    const known = found.get(key)
    if (known === undefined) found.set(key, parameter)
    else if (parameter.required === true) known.required = true
  }
  return [...found.values()]
}

/** The names of a path template, in their order. A name that nobody declares is text. */
export function pathParameters(names: readonly string[], declared: readonly ParameterObject[]): ParameterObject[] {
  return names.map(
    name =>
      declared.find(parameter => parameter.in === 'path' && parameter.name === name) ?? {
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      },
  )
}

const placeOf = (key: string, owner: Place): Place => ({
  words: `"${key}" of ${owner.words}`,
  name: `${owner.name}${capital(key)}`,
})

function groupParameters(
  { key, location, schema, isOptional }: ParameterGroup,
  side: Side,
  components: Components,
  owner: Place,
): ParameterObject[] {
  return components.schemas
    .properties(schema, side, placeOf(key, owner))
    .filter(({ name }) => location !== 'header' || !DESCRIBED_ELSEWHERE.has(name.toLowerCase()))
    .map(property => createParameter(isOptional ? { ...property, required: false } : property, location))
}

/**
 * Open names are described as the properties of one object, whose own name is never sent (OpenAPI 3.1.1, "Style
 * Examples").
 */
function freeNames(
  { key, location, schema, isOptional }: ParameterGroup,
  side: Side,
  components: Components,
  owner: Place,
): Omit<ParameterObject, 'name'>[] {
  if (location !== 'query') return []
  const others = components.schemas.others(schema, side, placeOf(key, owner))
  if (others === undefined) return []
  const required = others.required && !isOptional ? true : undefined
  const description = 'Parameters with names of their own'
  return [
    definedMembers({
      in: location,
      required,
      description,
      style: 'form' as const,
      explode: true,
      schema: others.schema,
    }),
  ]
}

function createParameter(
  { name, required, types, schema }: DocumentProperty,
  location: ParameterLocation,
): ParameterObject {
  return definedMembers({
    name,
    in: location,
    required: required || location === 'path' ? true : undefined,
    ...serialization(types, location),
    ...liftAnnotations(schema),
  })
}

/** How lists and objects are written, if it is not the document's default (OpenAPI 3.1.1, "Style Values"). */
function serialization(
  types: DocumentProperty['types'],
  location: ParameterLocation,
): Pick<ParameterObject, 'style' | 'explode'> {
  if (location === 'query' && types.has('object') && !types.has('string')) return { style: 'deepObject', explode: true }
  if (location === 'cookie' && types.has('array')) return { style: 'form', explode: false }
  return {}
}
