/** What a dependency and its own dependencies read from the request: callback expressions may read it too. */
export interface Needs {
  readonly params: unknown
  readonly query: unknown
  readonly headers: unknown
}

/** How long the value of a dependency lives. */
export type DependencyScope = 'response' | 'handler' | 'app'

/** A value that handlers ask for by name. Made by `dependency`. */
export interface Dependency<V = unknown, N extends Needs = Needs> {
  readonly kind: 'dependency'
  readonly scope: DependencyScope
  /** The definition and the function, as they are read at run time. */
  readonly options: object
  readonly fn: unknown
  /** Only types. */
  readonly '~value'?: V
  readonly '~needs'?: N
}

/** Dependencies by the names under which the handler gets their values. */
export interface DependencySet {
  readonly [name: string]: Dependency
}
