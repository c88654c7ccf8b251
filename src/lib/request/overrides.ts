import type { Dependency } from '../operation/dependency-set.ts'

/** Functions that stand in for dependencies: `app.override`. */
export type Overrides = ReadonlyMap<Dependency, (context: object) => unknown>
