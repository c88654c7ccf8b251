import { environmentMasterSecrets } from '../../store/environment-master-secrets.ts'
import { postgresStore } from '../../store/postgres/postgres-store.ts'
import type { OpenStore } from './open-store.ts'

/** Lets a command work in the store of a database server, in the schema that `RINGBACK_SCHEMA` names. */
export async function withPostgres<T>(connectionString: string, work: (open: OpenStore) => Promise<T>): Promise<T> {
  const schema = process.env['RINGBACK_SCHEMA']
  const store = postgresStore({ connectionString, ...(schema && { schema }) })
  try {
    const masterSecrets = environmentMasterSecrets() ?? []
    return await work({ store, masterSecrets, masterSecretPath: undefined, migrate: () => store.migrate() })
  } finally {
    await store.close()
  }
}
