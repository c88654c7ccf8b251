import type { DatabaseSync } from 'node:sqlite'

/** A connection that somebody has for one transaction. */
export interface TransactionHandle {
  readonly connection: DatabaseSync
  /** From now on every use of it throws, also of statements that were prepared with it. */
  revoke(): void
}

/** Only its owner decides when the connection is closed. */
const CLOSING = new Set<PropertyKey>(['close', 'open', Symbol.dispose])

/**
 * Lends a connection. Whoever keeps the handle, or a statement of it, beyond the transaction cannot get into the next one,
 * which is somebody else's.
 */
export function lendConnection(database: DatabaseSync): TransactionHandle {
  let isOpen = true
  const check = (): void => {
    if (!isOpen) throw new Error('The transaction has ended: use its connection only until the handler returns')
  }
  const guarded = <T extends object>(target: T, refused: ReadonlySet<PropertyKey> = new Set()): T =>
    new Proxy(target, {
      get(_, name) {
        check()
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        if (refused.has(name)) throw new Error(`"${String(name)}" is not for the connection of a transaction`)
        return (...given: unknown[]) => {
          check()
          const result: unknown = Reflect.apply(value, target, given)
          return name === 'prepare' ? guarded(result as object) : result
        }
      },
    })
  return {
    connection: guarded(database, CLOSING),
    revoke() {
      isOpen = false
    },
  }
}
