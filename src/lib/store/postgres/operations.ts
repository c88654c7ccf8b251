import type { AddRequest, AddResult } from '../../delivery/delivery-store.ts'
import type { OperationName, OperationRequest, OperationResult } from '../queue/queued-operation.ts'
import { addAll } from './add/add.ts'
import { find } from './add/find-keyed.ts'
import { makeDue, takeBack } from './add/hold.ts'
import { endAttempts } from './attempts/end-attempts.ts'
import { release } from './attempts/release.ts'
import { cancel, erase, replay, sendNow } from './change/change.ts'
import { purge } from './change/purge.ts'
import { continueReplays, getReplay, startReplay } from './change/replays.ts'
import { claim } from './claim/claim.ts'
import type { Transaction } from './connection/transaction.ts'
import { changeDestinations } from './destinations/change-destinations.ts'
import { listDestinations } from './destinations/list-destinations.ts'
import { pauseSending, sendingPause } from './destinations/sending-pause.ts'
import { endpointOperations } from './endpoints/operations.ts'
import { get, list } from './find/read.ts'
import { claimOutages, endOutages } from './handlers/outage-handlers.ts'
import { claimHandlers, endHandlers } from './handlers/settled-handlers.ts'
import { useKeys } from './keys.ts'
import { rotateSecret, secretVersions } from './secrets.ts'
import { stats } from './stats/stats.ts'
import { counts } from './stats/tally-table.ts'

/** The operations of the port, within a transaction. */
type PostgresOperations = {
  readonly [Name in OperationName]: (
    transaction: Transaction,
    request: OperationRequest<Name>,
  ) => Promise<OperationResult<Name>>
}

export const operations: PostgresOperations = {
  useKeys,
  add: async (transaction: Transaction, request: AddRequest): Promise<AddResult> =>
    (await addAll(transaction, [request]))[0]!,
  makeDue,
  takeBack,
  find,
  claim,
  endAttempts,
  release,
  claimHandlers,
  endHandlers,
  claimOutages,
  endOutages,
  list,
  get,
  counts,
  stats,
  replay,
  startReplay,
  continueReplays,
  getReplay,
  sendNow,
  cancel,
  erase,
  destinations: listDestinations,
  changeDestinations,
  pauseSending,
  sendingPause,
  secretVersions,
  rotateSecret,
  purge,
  ...endpointOperations,
}
