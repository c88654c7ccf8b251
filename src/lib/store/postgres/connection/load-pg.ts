import { DefinitionError } from '../../../definition/definition-error.ts'
import { errorCode } from '../../../error-code.ts'
import type { OwnClient } from './own-client.ts'

/** The part of `pg` that is used; the program installs it. */
export interface Pg {
  readonly Pool: new (
    options: object,
  ) => {
    connect(): Promise<OwnClient>
    end(): Promise<void>
    on(event: 'error', listener: (error: Error) => void): unknown
  }
  readonly Client: new (options: object) => PgClient
}

/** A connection outside of any pool. */
export interface PgClient {
  connect(): Promise<unknown>
  query(text: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>
  end(): Promise<void>
  unref(): void
  on(event: 'notification', listener: (message: { readonly payload?: string | undefined }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
}

/** Loads `pg`. Throws a `DefinitionError` where it is not installed. */
export async function loadPg(): Promise<Pg> {
  try {
    const { default: pg } = (await import('pg')) as unknown as { readonly default: Pg }
    return pg
  } catch (error) {
    if (errorCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DefinitionError('"postgresStore" needs the package "pg": run npm install pg')
  }
}
