import { DefinitionError } from '../../definition/definition-error.ts'
import type { SchemaObject } from '../objects/schema-object.ts'
import type { Place, Side } from '../place.ts'

/** One side of a component, as the first place that used it has it. */
export interface ComponentSide {
  /** Two schemas with the same text are the same. */
  readonly text: string
  /** The text of the same schema on its other side; undefined if it has no other side, or another name there. */
  readonly otherText: () => string | undefined
  readonly place: Place
  readonly references: readonly SchemaReference[]
  readonly schema: SchemaObject
}

/** A schema that becomes one component, or two if its sides differ. */
export interface ComponentEntry {
  readonly name: string
  readonly place: Place
  readonly sides: Partial<Record<Side, ComponentSide>>
}

/** A `$ref` whose text is known only after all schemas have been seen. */
export interface SchemaReference {
  readonly object: { $ref: string }
  readonly entry: ComponentEntry
  readonly side: Side
}

/**
 * Names the components, writes their names into all references, and returns them in the order of their names. An entry
 * whose sides differ, in themselves or in what they refer to, becomes `Name` and `NameOutput`.
 */
export function nameComponents(
  named: readonly ComponentEntry[],
  unnamed: readonly ComponentEntry[],
  references: readonly SchemaReference[],
): Record<string, SchemaObject> {
  named.forEach(checkSides)
  const names = namesOf(named, unnamed)
  const nameOf = (entry: ComponentEntry, side: Side) => names.get(entry)?.[side] ?? entry.name
  const all = [...references, ...[...names.keys()].flatMap(sidesOf).flatMap(side => side.references)]
  for (const { object, entry, side } of all) object.$ref = `#/components/schemas/${nameOf(entry, side)}`
  const components = [...names].flatMap(([{ sides }, { input, output }]) => [
    { name: output, schema: sides.output?.schema },
    { name: input, schema: sides.input?.schema },
  ])
  const described = components.flatMap(({ name, schema }) => (schema === undefined ? [] : [[name, schema] as const]))
  return Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const sidesOf = (entry: ComponentEntry): ComponentSide[] => Object.values(entry.sides)

/** If the two sides do not belong to one schema, two schemas have the same name. */
function checkSides({ name, sides: { input, output } }: ComponentEntry): void {
  if (input === undefined || output === undefined || input.text === output.text) return
  if ((input.otherText() ?? output.text) === output.text && (output.otherText() ?? input.text) === input.text) return
  throw twoSchemas(name, input.place, output.place)
}

/** The error for one name with two schemas. */
export const twoSchemas = (name: string, one: Place, other: Place): DefinitionError =>
  new DefinitionError(
    `The schema name "${name}" is used for two different schemas, one in ${one.words} and one in ${other.words}: give one of them another name`,
  )

/** The entries whose sides differ: those with two texts, and those that refer to such an entry. */
function twofoldEntries(entries: readonly ComponentEntry[]): ReadonlySet<ComponentEntry> {
  const both = entries.filter(({ sides }) => sides.input !== undefined && sides.output !== undefined)
  const found = new Set(both.filter(({ sides }) => sides.input?.text !== sides.output?.text))
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const entry of both)
      if (sidesOf(entry).some(({ references }) => references.some(reference => found.has(reference.entry))))
        found.add(entry)
  }
  return found
}

type SideNames = Readonly<Record<Side, string>>

/** Names that a user has given stay. Where names collide, those that we make up get a number at the end. */
function namesOf(
  named: readonly ComponentEntry[],
  unnamed: readonly ComponentEntry[],
): ReadonlyMap<ComponentEntry, SideNames> {
  const twofold = twofoldEntries([...named, ...unnamed])
  const taken = new Set(named.map(({ name }) => name))
  const take = (wanted: string): string => {
    let name = wanted
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`
    taken.add(name)
    return name
  }
  const names = new Map<ComponentEntry, SideNames>()
  const add = (entry: ComponentEntry, input: string): void => {
    names.set(entry, { input, output: twofold.has(entry) ? take(`${input}Output`) : input })
  }
  for (const entry of named) add(entry, entry.name)
  for (const entry of unnamed) add(entry, take(entry.name))
  return names
}
