import type { Dependency, DependencySet } from '../../operation/dependency-set.ts'

/** A field of an endpoint that its owner may be allowed to set. */
export type EndpointField = 'headers' | 'channels' | 'ratePerSecond'

/** See `endpointRoutes`. */
export interface EndpointRoutesOptions {
  /**
   * Gives the owner of whoever calls: the same text that you name when you send. Nothing else in a request can name one.
   * Where it gives no text, or an empty one, the response is a 500 and nothing is shown.
   */
  readonly owner: Dependency<string>
  /** Put before each path: begins with "/" and does not end with one. Default: none. */
  readonly prefix?: string
  readonly tags?: readonly string[]
  /** Dependencies of every operation, such as a security scheme. */
  readonly dependencies?: DependencySet
  /** Dependencies of those that change or send something, such as a check that the caller is an administrator. */
  readonly writeDependencies?: DependencySet
  /** The events that may be chosen; `'*'` among them allows to choose all. Default: all documented ones, and `'*'`. */
  readonly events?: readonly string[]
  /** What owners may set beside `url`, `events`, `description` and `metadata`. Default: all three. */
  readonly fields?: readonly EndpointField[]
}

export const ENDPOINT_FIELDS: readonly EndpointField[] = ['headers', 'channels', 'ratePerSecond']
