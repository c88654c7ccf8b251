import type { Issue, IssuePath } from '../issue.ts'
import type { JsonSchema } from '../json-schema.ts'

/** What a schema accepts, or what it gives back. */
export type SchemaSide = 'input' | 'output'

/** What is peculiar to one schema library; all else about schemas is the same for all of them. */
export interface LibraryFacts {
  /** The names that its conversion makes up for schemas it needs twice. */
  readonly madeUpName: RegExp
  /** The keyword under which its conversion hands on the name that a schema was given. */
  readonly nameKeyword: string
  /** What to do about a schema that cannot be described. */
  readonly remedy: string
  /** What to do where `~standard.jsonSchema` is missing. */
  readonly missing: string
  /** Makes a schema ready for its first value, where the library leaves it until then; throws for one that cannot be. */
  readonly prepare?: (source: object) => void
  /** What its conversion is told as `libraryOptions` (Standard JSON Schema). */
  readonly options?: (side: SchemaSide, source: object) => object
  /** Its own conversion, where the standard one says less; undefined leaves it to the standard one. */
  readonly convert?: (source: object, side: SchemaSide) => JsonSchema | undefined
  /** The places of the undeclared names that an issue speaks of; undefined for any other issue. */
  readonly undeclaredIn?: (issue: Issue, input: () => JsonSchema) => Iterable<IssuePath> | undefined
  /**
   * Whether a value fits, told without a reason: given where that is far cheaper than to tell all that is wrong, and where
   * nothing stops the library from telling it.
   */
  readonly allows?: (source: object) => ((value: unknown) => boolean) | undefined
  /** Whether a value may be missing, where only an asynchronous check could tell. */
  readonly mayBeMissing?: (source: object, side: SchemaSide) => boolean
  /** It takes a property that is `undefined` for one that is there; JSON has no such property. */
  readonly refusesUndefined?: true
}
