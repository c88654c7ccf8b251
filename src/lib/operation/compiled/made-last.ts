import type { Dependency } from '../dependency-set.ts'

const last = new WeakSet<Dependency>()

/**
 * Lets a dependency be made only when the request has been read and judged: what it holds, others wait for, and a body may
 * come slowly.
 */
export function madeLast<D extends Dependency>(dependency: D): D {
  last.add(dependency)
  return dependency
}

export const isMadeLast = (dependency: Dependency): boolean => last.has(dependency)
