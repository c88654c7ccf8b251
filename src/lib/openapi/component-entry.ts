import { DefinitionError } from '../definition-error.ts'
import type { Place, Side } from './place.ts'
import type { SchemaObject } from './schema-object.ts'

/** One side of a component as its first user has it. */
export interface ComponentSide {
  /** The same text means the same schema. */
  readonly text: string
  readonly place: Place
  readonly references: readonly SchemaReference[]
  readonly schema: SchemaObject
}

/** A schema that becomes a component, or two where its sides differ. */
export interface ComponentEntry {
  readonly name: string
  readonly place: Place
  readonly sides: Partial<Record<Side, ComponentSide>>
}

/** A `$ref` whose text is known only when all schemas have been seen. */
export interface SchemaReference {
  readonly object: { $ref: string }
  readonly entry: ComponentEntry
  readonly side: Side
}

/**
 * Names the components, writes their names into all references, and gives them in the order of their names. An entry
 * whose sides differ, themselves or in what they refer to, is `Name` and `NameOutput`.
 */
export function nameComponents(
  named: readonly ComponentEntry[],
  unnamed: readonly ComponentEntry[],
  references: readonly SchemaReference[],
): Record<string, SchemaObject> {
  const twofold = twofoldEntries([...named, ...unnamed])
  const taken = new Map<string, ComponentEntry>()
  const stems = new Map<ComponentEntry, string>()
  for (const entry of named) claimNames(entry, entry.name, twofold, taken, stems)
  for (const entry of unnamed) claimNames(entry, freeName(entry, twofold, taken), twofold, taken, stems)
  const nameOf = (entry: ComponentEntry, side: Side) =>
    nameOfSide(stems.get(entry) ?? entry.name, side, twofold.has(entry))
  const all = [...references, ...[...stems.keys()].flatMap(sidesOf).flatMap(side => side.references)]
  for (const { object, entry, side } of all) object.$ref = `#/components/schemas/${nameOf(entry, side)}`
  return Object.fromEntries(
    [...taken].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, entry]) => [name, schemaOf(entry, name, nameOf)]),
  )
}

const sidesOf = (entry: ComponentEntry): ComponentSide[] => Object.values(entry.sides)

/** The entries whose sides differ: those with two texts, and those that refer to one of them. */
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

const nameOfSide = (stem: string, side: Side, twofold: boolean) =>
  twofold && side === 'output' ? `${stem}Output` : stem

const namesOf = (stem: string, twofold: boolean) => (twofold ? [stem, `${stem}Output`] : [stem])

function claimNames(
  entry: ComponentEntry,
  stem: string,
  twofold: ReadonlySet<ComponentEntry>,
  taken: Map<string, ComponentEntry>,
  stems: Map<ComponentEntry, string>,
): void {
  for (const name of namesOf(stem, twofold.has(entry))) {
    const other = taken.get(name)
    if (other !== undefined)
      throw new DefinitionError(
        `The schema name "${name}" stands for two different schemas, one in ${other.place.words} and one in ${entry.place.words}: give one of them another name`,
      )
    taken.set(name, entry)
  }
  stems.set(entry, stem)
}

/** The suggested name of an unnamed entry, with a number behind it where it is taken. */
function freeName(
  entry: ComponentEntry,
  twofold: ReadonlySet<ComponentEntry>,
  taken: ReadonlyMap<string, ComponentEntry>,
): string {
  for (let number = 1; ; number++) {
    const stem = number === 1 ? entry.name : `${entry.name}_${number}`
    if (!namesOf(stem, twofold.has(entry)).some(name => taken.has(name))) return stem
  }
}

function schemaOf(
  entry: ComponentEntry,
  name: string,
  nameOf: (entry: ComponentEntry, side: Side) => string,
): SchemaObject {
  const { input, output } = entry.sides
  return (input !== undefined && nameOf(entry, 'input') === name ? input : output)?.schema ?? {}
}
