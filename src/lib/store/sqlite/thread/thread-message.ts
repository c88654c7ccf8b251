import { ownBytes } from '../../../delivery/attempt/own-bytes.ts'
import type { AddRequest, ClaimResult, SettleRequest, SettleResult } from '../../../delivery/delivery-store.ts'
import type { AttemptAnswer, ClaimedDelivery, NewDelivery, Settlement } from '../../../delivery/stored-delivery.ts'
import type { OperationAnswer, QueuedOperation } from './batch.ts'
import { bytesOf, charactersOf } from './byte-characters.ts'

/**
 * How operations and their answers cross between the threads. The structured clone algorithm takes them as they are; what
 * crosses with every attempt is taken apart first: lists of values are cloned sooner than objects, and text than bytes.
 */
export function writeOperation(operation: QueuedOperation): QueuedOperation {
  const { name, request } = operation
  // The queue takes each name together with the request that belongs to it.
  if (name === 'add') return { ...operation, request: withOwnBytes(request as AddRequest) }
  if (name === 'settle') return { ...operation, request: writeSettle(request as SettleRequest) }
  return operation
}

export function readOperation(operation: QueuedOperation): QueuedOperation {
  if (operation.name !== 'settle') return operation
  return { ...operation, request: readSettle(operation.request as WrittenSettle) }
}

export function writeAnswer(name: QueuedOperation['name'], answer: OperationAnswer): OperationAnswer {
  if ('unavailable' in answer) return answer
  if (name === 'claim') return { value: writeClaim(answer.value as ClaimResult) }
  if (name === 'settle') return { value: (answer.value as SettleResult[]).map(writeResult) }
  return answer
}

export function readAnswer(name: QueuedOperation['name'], answer: OperationAnswer): OperationAnswer {
  if ('unavailable' in answer) return answer
  if (name === 'claim') return { value: readClaim(answer.value as WrittenClaim) }
  if (name === 'settle') return { value: (answer.value as ReturnType<typeof writeResult>[]).map(readResult) }
  return answer
}

function withOwnBytes(request: AddRequest): AddRequest {
  const withOwn = (row: NewDelivery): NewDelivery => {
    return { ...row, headers: row.headers && ownBytes(row.headers), body: row.body && ownBytes(row.body) }
  }
  return { ...request, rows: request.rows.map(withOwn) }
}

interface WrittenSettle {
  readonly now: number
  readonly settlements: readonly ReturnType<typeof writeSettlement>[]
}

function writeSettle({ now, settlements }: SettleRequest): WrittenSettle {
  return { now, settlements: settlements.map(writeSettlement) }
}

function readSettle({ now, settlements }: WrittenSettle): SettleRequest {
  return { now, settlements: settlements.map(readSettlement) }
}

function writeSettlement({ id, token, outcome, answer, error, next, ...signals }: Settlement) {
  const { destinationSignal, originSignal } = signals
  return [id, token, outcome, answer && writeAttempt(answer), error, next, destinationSignal, originSignal] as const
}

function readSettlement(written: ReturnType<typeof writeSettlement>): Settlement {
  const [id, token, outcome, answer, error, next, destinationSignal, originSignal] = written
  return { id, token, outcome, answer: answer && readAttempt(answer), error, next, destinationSignal, originSignal }
}

function writeAttempt({ status, headers, body, bodyTruncated, address }: AttemptAnswer) {
  return [status, headers, charactersOf(body), bodyTruncated, address] as const
}

function readAttempt([status, headers, body, bodyTruncated, address]: ReturnType<typeof writeAttempt>): AttemptAnswer {
  return { status, headers, body: bytesOf(body), bodyTruncated, address }
}

function writeResult({ stale, frees, destination }: SettleResult) {
  return [stale, frees, destination] as const
}

function readResult([stale, frees, destination]: ReturnType<typeof writeResult>): SettleResult {
  return { stale, frees, destination }
}

interface WrittenClaim extends Omit<ClaimResult, 'claimed'> {
  readonly claimed: readonly ReturnType<typeof writeClaimed>[]
}

function writeClaim({ claimed, ...result }: ClaimResult): WrittenClaim {
  return { ...result, claimed: claimed.map(writeClaimed) }
}

function readClaim({ claimed, ...result }: WrittenClaim): ClaimResult {
  return { ...result, claimed: claimed.map(readClaimed) }
}

function writeClaimed(delivery: ClaimedDelivery) {
  const { headers, body } = delivery
  return [
    delivery.id,
    delivery.token,
    delivery.lane,
    delivery.operation,
    delivery.callback,
    delivery.method,
    delivery.url,
    delivery.destination,
    delivery.origin,
    delivery.recipient,
    delivery.destinationHash,
    delivery.secretVersions,
    headers && charactersOf(headers),
    body && charactersOf(body),
    delivery.responses,
    delivery.retryDelaysSeconds,
    delivery.timeoutMs,
    delivery.retryOnInvalidResponse,
    delivery.hasOnResponse,
    delivery.traceParent,
    delivery.createdAt,
    delivery.attemptNumber,
    delivery.retriesUsed,
  ] as const
}

function readClaimed(written: ReturnType<typeof writeClaimed>): ClaimedDelivery {
  const [id, token, lane, operation, callback, method, url, destination, origin, recipient, ...job] = written
  const [destinationHash, secretVersions, headers, body, ...more] = job
  const [responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse, traceParent, ...last] = more
  const [createdAt, attemptNumber, retriesUsed] = last
  return {
    ...{ id, token, lane, operation, callback, method, url, destination, origin, recipient },
    ...{ destinationHash, secretVersions },
    ...{ responses, retryDelaysSeconds, timeoutMs, retryOnInvalidResponse, hasOnResponse, traceParent },
    ...{ createdAt, attemptNumber, retriesUsed },
    headers: headers === undefined ? undefined : bytesOf(headers),
    body: body === undefined ? undefined : bytesOf(body),
  }
}
