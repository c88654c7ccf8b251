import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../clock.ts'
import { createDeliveries, type Deliveries } from '../delivery/deliveries.ts'
import { createIdMaker } from '../delivery/delivery-id.ts'
import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { type DefaultLocation, defaultLocation } from '../store/default-location.ts'
import { environmentMasterSecrets } from '../store/environment-master-secrets.ts'
import { refuseIrregular, refuseIrregularStore } from '../store/refuse-irregular.ts'
import { reasonOf } from '../store/sqlite-batch.ts'
import { sqliteStore } from '../store/sqlite-store.ts'
import { CommandError } from './command-error.ts'

/** A store that a command works in. */
export interface OpenDeliveries {
  readonly deliveries: Deliveries
  readonly store: DeliveryStore
  /** Those of the environment, or the one beside the store; none where neither is there. */
  readonly masterSecrets: readonly string[]
}

const lockWaitMs = 5_000

/**
 * Lets a command work in the store that `path` names, else `RINGBACK_STORE`, else the default one of the package around
 * the working directory. Servers may use it at the same time. It never makes a store or a master secret.
 */
export async function withDeliveries<T>(path: string | undefined, work: (open: OpenDeliveries) => Promise<T>) {
  const location = defaultLocation({
    entryFile: undefined,
    configured: path ?? process.env['RINGBACK_STORE'],
    workingDirectory: process.cwd(),
  })
  if (!existsSync(location.path))
    throw new CommandError(
      `There is no delivery store at "${location.path}": give its file with --store or RINGBACK_STORE, or run this where the server's package.json is`,
    )
  using database = openDatabase(location.path)
  const store = sqliteStore({ database, waitLimitMs: lockWaitMs })
  const context = { store, clock: systemClock, makeId: createIdMaker(systemClock), wake: () => {} }
  const masterSecrets = knownMasterSecrets(location)
  return await work({ deliveries: createDeliveries({ ...context, masterSecrets }), store, masterSecrets })
}

/** On a connection of our own there is no thread to wait for. */
function openDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    refuseIrregularStore(path)
    database = new DatabaseSync(path, { timeout: lockWaitMs })
    // Before anything is written: the store would make its tables in any database.
    if (database.prepare(`select 1 from sqlite_master where name = 'ringback_delivery'`).get() !== undefined) {
      database.exec('pragma synchronous = full')
      return database
    }
  } catch (error) {
    database?.close()
    throw new CommandError(`Cannot open the delivery store "${path}": ${reasonOf(error)}`)
  }
  database.close()
  throw new CommandError(`The file "${path}" is no delivery store: it has none of Ringback's tables`)
}

function knownMasterSecrets({ masterSecretPath }: DefaultLocation): readonly string[] {
  const fromEnvironment = environmentMasterSecrets()
  if (fromEnvironment?.some(secret => secret !== '')) return fromEnvironment
  if (!existsSync(masterSecretPath)) return []
  refuseIrregular(masterSecretPath)
  return [readFileSync(masterSecretPath, 'utf8').trim()]
}
