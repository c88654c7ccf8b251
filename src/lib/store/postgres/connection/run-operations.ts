import type { AddRequest } from '../../../delivery/delivery-store.ts'
import type { OperationAnswer, OperationName, QueuedOperation } from '../../queue/queued-operation.ts'
import { addAll } from '../add/add.ts'
import { watchClock } from '../clock.ts'
import { operations } from '../operations.ts'
import type { Transaction } from './transaction.ts'

/** Whose time holds: the server's, which all processes share, or what the caller says. */
export type RunTime = 'server' | 'caller'

const tooLate = { unavailable: 'it did not get to this within the time limit' }

/** Does operations in their order; what is added by several that follow each other goes together. */
export async function runOperations(
  transaction: Transaction,
  batch: readonly QueuedOperation[],
  time: RunTime,
): Promise<OperationAnswer[]> {
  const requests = batch.map(({ request }) =>
    time === 'server' ? atServerTime(request, transaction.engine.now) : request,
  )
  await watchTimes(transaction, requests)
  const answers: OperationAnswer[] = []
  while (answers.length < batch.length) {
    const from = answers.length
    const { name, deadline } = batch[from]!
    if (name === 'wipe') answers.push({ value: true })
    else if (Date.now() > deadline) answers.push(tooLate)
    else if (name === 'add') {
      const end = batch.findIndex((each, index) => index > from && each.name !== 'add')
      const adds = requests.slice(from, end === -1 ? batch.length : end) as AddRequest[]
      answers.push(...(await addAll(transaction, adds)).map(value => ({ value })))
    } else answers.push({ value: await runOne(transaction, name, requests[from]) })
    if (!locksNothing.has(name)) transaction.mayWait = false
  }
  return answers
}

/** What locks no place. */
const locksNothing = new Set<QueuedOperation['name']>([
  ...(['add', 'find', 'useKeys', 'secretVersions', 'counts', 'get', 'wipe', 'endHandlers'] as const),
  ...(['findEndpoint', 'listEndpoints', 'findMessage', 'listMessages'] as const),
])

/** The queue takes each name together with the request that belongs to it. */
function runOne(transaction: Transaction, name: OperationName, request: unknown): Promise<unknown> {
  // What was seen at the beginning holds for the claim behind attempts that ended well.
  if (name !== 'endAttempts' && name !== 'claim') transaction.seen = undefined
  const operation = operations[name] as (transaction: Transaction, request: unknown) => Promise<unknown>
  return operation(transaction, request)
}

/** Lets the store see whether the clock was put right, before anything is done. */
async function watchTimes(transaction: Transaction, requests: readonly unknown[]): Promise<void> {
  const times = requests.map(timeOf).filter(now => now !== undefined)
  if (times.length > 0) await watchClock(transaction, Math.min(...times))
}

function timeOf(request: unknown): number | undefined {
  if (typeof request !== 'object' || request === null || !('now' in request)) return undefined
  return typeof request.now === 'number' ? request.now : undefined
}

/** The same request at the time of the server; what is held is held as long as it was to be. */
export function atServerTime(request: unknown, now: number): unknown {
  const told = timeOf(request)
  if (told === undefined) return request
  const { heldUntil } = request as { readonly heldUntil?: number }
  return { ...(request as object), now, ...(heldUntil !== undefined && { heldUntil: heldUntil - told + now }) }
}
