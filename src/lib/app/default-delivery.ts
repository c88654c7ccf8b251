import { DefinitionError } from '../definition/definition-error.ts'
import type { DeliveryOptions } from '../delivery/delivery-options.ts'
import type { Log } from '../log/log.ts'
import { defaultLocation } from '../store/default-location.ts'
import { defaultMasterSecret } from '../store/default-master-secret.ts'
import { usableEnvironmentSecrets } from '../store/environment-master-secrets.ts'
import { environmentPostgresStore } from '../store/environment-postgres-store.ts'
import { refuseIrregularStore } from '../store/files/refuse-irregular.ts'
import { sqliteStore } from '../store/sqlite/sqlite-store.ts'
import { refuseUsedStore } from '../store/sqlite/thread/refuse-used-store.ts'
import type { AppDeliveryOptions } from './ringback-options.ts'

type StoreAndSigning = Pick<DeliveryOptions, 'store' | 'signing'>

/**
 * The store and the master secrets of an application: those of its options, else of the environment, else files beside
 * the program. Throws a `DefinitionError` where only one of the two is given.
 */
export function storeAndSigning(options: AppDeliveryOptions, log: Log): StoreAndSigning {
  const { store, storeLimitBytes } = options
  const signing = options.signing ?? environmentSigning()
  const given = store ?? environmentPostgresStore()
  if (given === undefined) return defaultStoreAndSigning(storeLimitBytes, signing, log)
  if (storeLimitBytes !== undefined)
    throw new DefinitionError(
      '"delivery.storeLimitBytes" is only for the default store: set the limit on the store that you made',
    )
  if (signing !== undefined) return { store: given, signing }
  throw new DefinitionError(
    `A store ${store === undefined ? 'on a database server' : 'of your own'} needs a master secret: set "delivery.signing.masterSecret" or RINGBACK_MASTER_SECRET`,
  )
}

function environmentSigning(): DeliveryOptions['signing'] | undefined {
  const masterSecret = usableEnvironmentSecrets()
  return masterSecret && { masterSecret }
}

function defaultStoreAndSigning(
  storeLimitBytes: number | undefined,
  given: DeliveryOptions['signing'] | undefined,
  log: Log,
): StoreAndSigning {
  const { path, masterSecretPath, temporary } = defaultLocation({
    entryFile: process.argv[1],
    configured: process.env['RINGBACK_STORE'],
    workingDirectory: process.cwd(),
  })
  refuseIrregularStore(path)
  if (temporary) log.warn(`The delivery store ${path} is on a temporary file system and may be lost with it`)
  const signing = given ?? { masterSecret: secretBeside(path, masterSecretPath, log) }
  const store = sqliteStore({ path, log, ...(storeLimitBytes !== undefined && { storeLimitBytes }) })
  return { store, signing }
}

const secretBeside = (path: string, masterSecretPath: string, log: Log): string =>
  defaultMasterSecret(masterSecretPath, {
    beforeMaking: () => refuseUsedStore(path, masterSecretPath),
    warn: message => log.warn(message),
  })
