import type { Issue, IssuePath, Validated } from '../issue.ts'
import type { JsonSchema } from '../json-schema.ts'

/** What a schema accepts, or what it gives back. */
export type SchemaSide = 'input' | 'output'

/** Gives what is sent for a value. */
export type Encode = (value: unknown) => Validated | Promise<Validated>

/** The peculiarities of one schema library; everything else about schemas is the same for all of them. */
export interface LibraryFacts {
  /** The names that its conversion makes up for schemas it needs twice. */
  readonly madeUpName: RegExp
  /** The keyword under which its conversion passes on a schema's given name. */
  readonly nameKeyword: string
  /** What to do about a schema that cannot be described. */
  readonly remedy: string
  /** What to do where `~standard.jsonSchema` is missing. */
  readonly missing: string
  /**
   * Compiles a schema where the library would leave it until the first value; throws for one that it cannot compile.
   */
  readonly prepare?: (source: object) => void
  /** The `libraryOptions` of its conversion (Standard JSON Schema). */
  readonly options?: (side: SchemaSide, source: object) => object
  /** Its own conversion, where the standard one says less. Where it gives undefined, the standard one is used. */
  readonly convert?: (source: object, side: SchemaSide) => JsonSchema | undefined
  /** The places of the undeclared names that an issue speaks of; undefined for any other issue. */
  readonly undeclaredIn?: (issue: Issue, input: () => JsonSchema) => Iterable<IssuePath> | undefined
  /**
   * Whether a value fits, without a reason. Present only where that is far cheaper than to list all mistakes, and where
   * nothing stops the library from listing them.
   */
  readonly allows?: (source: object) => ((value: unknown) => boolean) | undefined
  /**
   * Its encoding of a schema with codecs, which go both ways; undefined for any other schema. Throws where a part of the
   * schema goes one way only.
   */
  readonly encoding?: (source: object) => Encode | undefined
  /** Whether a value may be missing, where only an asynchronous check could tell. */
  readonly mayBeMissing?: (source: object, side: SchemaSide) => boolean
  /** It treats a property that is `undefined` as present; JSON has no such property. */
  readonly refusesUndefined?: true
  /** It takes a list where its own JSON Schema takes objects only. */
  readonly takesLists?: true
}
