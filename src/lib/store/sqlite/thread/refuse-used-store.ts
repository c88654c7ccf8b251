import { MasterSecretUnknownError } from '../../../delivery/keys/master-secret-unknown-error.ts'
import { StoreUnavailableError } from '../../../delivery/store-unavailable-error.ts'
import { reasonOf, runBatch, unavailable } from './batch.ts'
import { OpenDatabase } from './open-database.ts'

const lockWaitMs = 5_000

/**
 * Refuses to make a new master secret beside a store that was used with another one, and a store that cannot be used at
 * all. Makes the store if there is none.
 */
export function refuseUsedStore(path: string, masterSecretPath: string): void {
  if (isUsed(path)) throw new MasterSecretUnknownError(path, `none is given, and "${masterSecretPath}" does not exist`)
}

function isUsed(path: string): boolean {
  let open: OpenDatabase | undefined
  try {
    open = new OpenDatabase(path, lockWaitMs)
    const operation = {
      name: 'useKeys',
      request: { ids: [], adopt: false },
      deadline: Date.now() + lockWaitMs,
    } as const
    const [answer] = runBatch(open.prepared, [operation])
    if (answer === undefined || !('value' in answer))
      throw new StoreUnavailableError(answer?.unavailable ?? 'it gave no answer')
    return !(answer.value as { readonly known: boolean }).known
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error
    throw new StoreUnavailableError(`${reasonOf(error)}: "${path}"`, {
      cause: error,
      lasting: unavailable(error).lasting,
    })
  } finally {
    open?.close()
  }
}
