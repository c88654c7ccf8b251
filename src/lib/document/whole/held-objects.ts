import { methods } from '../callbacks/methods.ts'

/** The kinds of objects of OpenAPI that a reference may stand for, or that hold such objects. */
export type ObjectKind =
  | 'callback'
  | 'encoding'
  | 'example'
  | 'header'
  | 'link'
  | 'mediaType'
  | 'operation'
  | 'parameter'
  | 'pathItem'
  | 'requestBody'
  | 'response'
  | 'schema'
  | 'securityScheme'

/** What a member holds: an object of a kind (or a list of them), or objects by names that the author chose. */
export type Held = ObjectKind | { readonly byName: ObjectKind }

type HeldObjects = Readonly<Record<string, Held>>

const byName = (kind: ObjectKind): Held => ({ byName: kind })
const single = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames']
const listed = ['allOf', 'anyOf', 'oneOf', 'prefixItems', 'unevaluatedItems', 'unevaluatedProperties', 'contentSchema']
const named = ['properties', 'patternProperties', 'dependentSchemas', '$defs']
const each = (names: readonly string[], held: Held): HeldObjects =>
  Object.fromEntries(names.map(name => [name, held] as const))

const described: HeldObjects = {
  schema: 'schema',
  content: byName('mediaType'),
  examples: byName('example'),
}

/** Which members of an object hold others; all other members are values, in which nothing is a reference. */
export const heldObjects: Readonly<Record<Exclude<ObjectKind, 'callback'>, HeldObjects>> = {
  encoding: { headers: byName('header') },
  example: {},
  header: described,
  link: {},
  mediaType: {
    ...described,
    itemSchema: 'schema',
    encoding: byName('encoding'),
    prefixEncoding: 'encoding',
    itemEncoding: 'encoding',
  },
  operation: {
    parameters: 'parameter',
    requestBody: 'requestBody',
    responses: byName('response'),
    callbacks: byName('callback'),
  },
  parameter: described,
  pathItem: { ...each(methods, 'operation'), additionalOperations: byName('operation'), parameters: 'parameter' },
  requestBody: { content: byName('mediaType') },
  response: { headers: byName('header'), content: byName('mediaType'), links: byName('link') },
  schema: { ...each([...single, ...listed], 'schema'), ...each(named, byName('schema')) },
  securityScheme: {},
}

/** Where objects of a kind stand among the components. Path items do from OpenAPI 3.1 on. */
export function componentTypeOf(kind: ObjectKind, version: string): string | undefined {
  if (kind === 'pathItem' && version === '3.0') return undefined
  return componentTypes[kind]
}

const componentTypes: Readonly<Partial<Record<ObjectKind, string>>> = {
  callback: 'callbacks',
  example: 'examples',
  header: 'headers',
  link: 'links',
  parameter: 'parameters',
  pathItem: 'pathItems',
  requestBody: 'requestBodies',
  response: 'responses',
  schema: 'schemas',
}
