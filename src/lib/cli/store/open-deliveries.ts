import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../clock.ts'
import { createDeliveries, type Deliveries } from '../../delivery/deliveries.ts'
import { createIdMaker } from '../../delivery/delivery-id.ts'
import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { type DefaultLocation, defaultLocation } from '../../store/default-location.ts'
import { readMasterSecret } from '../../store/default-master-secret.ts'
import { environmentMasterSecrets } from '../../store/environment-master-secrets.ts'
import { configureConnection } from '../../store/files/configure-connection.ts'
import { linkedPath } from '../../store/files/linked-path.ts'
import { refuseIrregularStore } from '../../store/files/refuse-irregular.ts'
import { refuseLostDatabase } from '../../store/files/refuse-lost-database.ts'
import { isPostgresUrl } from '../../store/postgres-url.ts'
import { sqliteStore } from '../../store/sqlite/sqlite-store.ts'
import { reasonOf } from '../../store/sqlite/thread/batch.ts'
import { refuseOlderProcesses } from '../../store/sqlite/thread/refuse-older-processes.ts'
import { CommandError } from '../command-error.ts'
import { printNote } from '../terminal.ts'
import { withPostgres } from './open-postgres.ts'
import type { OpenStore } from './open-store.ts'

/** A store that a command works in. */
export interface OpenDeliveries {
  readonly deliveries: Deliveries
  readonly store: DeliveryStore
}

/** How long a command waits for the lock of a store. */
export const lockWaitMs = 5_000

/**
 * Lets a command work in the store that `path` names, a file or a database server, else `RINGBACK_STORE`, else the default one of the package around
 * the working directory. Servers may use it at the same time. It never makes a store or a master secret.
 */
export async function withDeliveries<T>(path: string | undefined, work: (open: OpenDeliveries) => Promise<T>) {
  return withStore(path, ({ store, masterSecrets }) => {
    const context = { store, clock: systemClock, makeId: createIdMaker(systemClock), wake: () => {} }
    return work({ deliveries: createDeliveries({ ...context, masterSecrets }), store })
  })
}

/** The same for what asks the store itself. */
export async function withStore<T>(path: string | undefined, work: (open: OpenStore) => Promise<T>): Promise<T> {
  const configured = path ?? process.env['RINGBACK_STORE']
  if (configured !== undefined && isPostgresUrl(configured)) return withPostgres(configured, work)
  return withDatabase(path, (database, location) => {
    const store = sqliteStore({ database, waitLimitMs: lockWaitMs })
    const masterSecrets = knownMasterSecrets(location)
    // They have been brought there when the store was opened.
    const migrate = async () => {}
    return work({ store, masterSecrets, masterSecretPath: location.masterSecretPath, migrate })
  })
}

/** The same for what is done with the file itself. */
export async function withDatabase<T>(
  path: string | undefined,
  work: (database: DatabaseSync, location: DefaultLocation) => Promise<T>,
): Promise<T> {
  const configured = path ?? process.env['RINGBACK_STORE']
  if (configured !== undefined && isPostgresUrl(configured))
    throw new CommandError('This is for a store in a file: use the tools of the database server, such as pg_dump')
  const location = defaultLocation({
    entryFile: undefined,
    configured,
    workingDirectory: process.cwd(),
  })
  if (!existsSync(location.path))
    throw new CommandError(
      `There is no delivery store at "${location.path}": give its file with --store or RINGBACK_STORE, or run this where the server's package.json is`,
    )
  using database = openDatabase(location.path)
  return await work(database, location)
}

/** On a connection of our own there is no thread to wait for. */
function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    refuseIrregularStore(path)
    // SQLite would remove the log that is left of it.
    refuseLostDatabase(linkedPath(path))
    database = new DatabaseSync(path, { timeout: lockWaitMs })
    // Before anything is written: the store would make its tables in any database.
    if (database.prepare(`select 1 from sqlite_master where name = 'ringback_delivery'`).get() !== undefined) {
      refuseOlderProcesses(database)
      configureConnection(database)
      database.exec(`pragma busy_timeout = ${lockWaitMs}`)
      return database
    }
  } catch (error) {
    database?.close()
    throw new CommandError(`Cannot open the delivery store "${path}": ${reasonOf(error)}`)
  }
  database.close()
  throw new CommandError(`The file "${path}" is not a delivery store: it has none of Ringback's tables`)
}

function knownMasterSecrets({ masterSecretPath }: DefaultLocation): readonly string[] {
  const fromEnvironment = environmentMasterSecrets()
  if (fromEnvironment?.some(secret => secret !== '')) return fromEnvironment
  const secret = readMasterSecret(masterSecretPath, message => printNote(escapeControls(message)))
  return secret === undefined ? [] : [secret]
}
