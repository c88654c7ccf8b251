import type { AddRequest, AddResult, ClaimRequest, ClaimResult, DeliveryStore } from '../../delivery/delivery-store.ts'
import { checkStoredText } from '../../delivery/manage/check-stored-text.ts'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { endsWithin } from '../../ends-within.ts'
import { type CommitBatch, CommitQueue, type UndoLate } from './commit-queue.ts'
import type { OperationName, OperationRequest, OperationResult } from './queued-operation.ts'

/** Where the batches of a store are committed. */
export interface QueuedStoreParts {
  readonly location: string
  readonly commit: CommitBatch
  /** Operations of one line are committed together, and in their order; several lines at the same time. Default: one line. */
  readonly lineOf?: (name: OperationName | 'wipe') => string
  /** What works within a transaction of the user's. */
  readonly inTransaction: Pick<DeliveryStore, 'add' | 'useKeys'>
  /** Releases the database, within a time limit. */
  readonly close: (limitMs: number) => Promise<void>
}

/** How much may wait, and how long. */
export interface QueueLimits {
  readonly queueLimit?: number
  readonly waitLimitMs?: number
}

/** Keeps transactions short, so that others get their turn. */
const batchLimit = 1_000
const defaultGraceMs = 10_000
/** The least time for a healthy database to finish and close. */
const leastGraceMs = 500

/** The store's port, on top of a queue of commits. */
export function queuedStore(parts: QueuedStoreParts, limits: QueueLimits): DeliveryStore {
  const lines = createLines(parts, limits)
  const operation = <Name extends OperationName>(name: Name) => {
    const queue = lines.of(name)
    // A commit gives what the operation of this name has returned.
    return (request: OperationRequest<Name>) => queue.add(name, request) as Promise<OperationResult<Name>>
  }
  const [addLater, useKeys] = [operation('add'), operation('useKeys')]
  const { inTransaction } = parts
  return {
    location: parts.location,
    useKeys: request => (request.transaction === undefined ? useKeys(request) : inTransaction.useKeys(request)),
    async add(request) {
      for (const row of request.rows) checkTexts(row)
      return request.transaction === undefined ? addLater(request) : inTransaction.add(request)
    },
    makeDue: operation('makeDue'),
    takeBack: operation('takeBack'),
    find: operation('find'),
    claim: operation('claim'),
    endAttempts: operation('endAttempts'),
    release: operation('release'),
    claimHandlers: operation('claimHandlers'),
    endHandlers: operation('endHandlers'),
    claimOutages: operation('claimOutages'),
    endOutages: operation('endOutages'),
    list: operation('list'),
    get: operation('get'),
    counts: () => operation('counts')(undefined),
    replay: operation('replay'),
    stats: operation('stats'),
    startReplay: operation('startReplay'),
    continueReplays: operation('continueReplays'),
    getReplay: operation('getReplay'),
    sendNow: operation('sendNow'),
    cancel: operation('cancel'),
    erase: operation('erase'),
    purge: operation('purge'),
    wipe: () => lines.of('wipe').add('wipe', undefined) as Promise<boolean>,
    destinations: operation('destinations'),
    changeDestinations: operation('changeDestinations'),
    pauseSending: operation('pauseSending'),
    sendingPause: () => operation('sendingPause')(undefined),
    secretVersions: operation('secretVersions'),
    rotateSecret: operation('rotateSecret'),
    addEndpoint: operation('addEndpoint'),
    findEndpoint: operation('findEndpoint'),
    listEndpoints: operation('listEndpoints'),
    changeEndpoint: operation('changeEndpoint'),
    cancelStale: operation('cancelStale'),
    continueFanouts: operation('continueFanouts'),
    listMessages: operation('listMessages'),
    findMessage: operation('findMessage'),
    cancelMessage: operation('cancelMessage'),
    claimNotices: operation('claimNotices'),
    endNotices: operation('endNotices'),
    async close({ graceMs = defaultGraceMs } = {}) {
      const endsAt = performance.now() + Math.max(graceMs, leastGraceMs)
      const drained = Promise.all(lines.all().map(queue => queue.drained()))
      if (!(await endsWithin(drained, endsAt - performance.now())))
        for (const queue of lines.all()) queue.abandon('it has been closed')
      await parts.close(Math.max(endsAt - performance.now(), 0))
    },
  }
}

function createLines({ commit, lineOf = () => '' }: QueuedStoreParts, limits: QueueLimits) {
  const { queueLimit = 10_000, waitLimitMs = 5_000 } = limits
  const queues = new Map<string, CommitQueue>()
  return {
    all: () => [...queues.values()],
    of(name: OperationName | 'wipe'): CommitQueue {
      const line = lineOf(name)
      const known = queues.get(line)
      if (known !== undefined) return known
      const queueLimits = { operations: queueLimit, waitMs: waitLimitMs, batch: batchLimit }
      const queue = new CommitQueue(commit, queueLimits, giveBackLate)
      queues.set(line, queue)
      return queue
    },
  }
}

/** Refuses texts of which two could become the same in the database. */
function checkTexts({ idempotencyKey, orderingKey, recipient }: NewDelivery): void {
  checkStoredText('idempotencyKey', idempotencyKey)
  checkStoredText('orderingKey', orderingKey)
  checkStoredText('recipient', recipient)
}

/**
 * Undoes what came too late: rows that were claimed for a worker that no longer waits, which nobody would send before
 * their leases pass, and deliveries held by a request that was told that it failed.
 */
const giveBackLate: UndoLate = ({ name, request }, value) => {
  if (name === 'add') return takeBackLate(request as AddRequest, value as AddResult)
  if (name !== 'claim') return undefined
  // The queue pairs each name with the request and the answer that belong to it.
  const { claimed } = value as ClaimResult
  const { now } = request as ClaimRequest
  return claimed.length === 0 ? undefined : { name: 'release', request: { leases: claimed, now } }
}

function takeBackLate({ heldUntil, now }: AddRequest, result: AddResult): ReturnType<UndoLate> {
  if (heldUntil === undefined || 'conflict' in result) return undefined
  return { name: 'takeBack', request: { ids: result.added.map(({ id }) => id), now } }
}
