import type { AddRequest, ClaimResult, EndAttemptsRequest } from '../../../delivery/delivery-store.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'

/**
 * Bytes cross to another thread as characters, one each: cloning text is much less work than cloning a block of memory.
 */
type Crossing = { readonly content: Uint8Array | string }

const asText = <Row extends Crossing>(row: Row): Row =>
  typeof row.content === 'string' ? row : { ...row, content: latin1(row.content) }

const asBytes = <Row extends Crossing>(row: Row): Row =>
  typeof row.content === 'string' ? { ...row, content: Buffer.from(row.content, 'latin1') } : row

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** An operation in the form that crosses to the thread, and as it is there. */
export const writeOperation = (operation: QueuedOperation): QueuedOperation => withContents(operation, asText)
export const readOperation = (operation: QueuedOperation): QueuedOperation => withContents(operation, asBytes)

function withContents(operation: QueuedOperation, each: <Row extends Crossing>(row: Row) => Row): QueuedOperation {
  if (operation.name === 'endAttempts') return withBodies(operation, each)
  if (operation.name !== 'add') return operation
  // The queue pairs each name with the request that belongs to it.
  const request = operation.request as AddRequest
  return { ...operation, request: { ...request, rows: request.rows.map(each) } }
}

function withBodies(operation: QueuedOperation, each: <Row extends Crossing>(row: Row) => Row): QueuedOperation {
  const request = operation.request as EndAttemptsRequest
  const attempts = request.attempts.map(attempt => {
    const { response } = attempt
    return response === undefined
      ? attempt
      : { ...attempt, response: { ...response, body: each({ content: response.body }).content } }
  })
  return { ...operation, request: { ...request, attempts } }
}

/** An answer in the form that crosses back, and as it is then. */
export const writeAnswer = (name: QueuedOperation['name'], answer: OperationAnswer) => withClaimed(name, answer, asText)
export const readAnswer = (name: QueuedOperation['name'], answer: OperationAnswer) => withClaimed(name, answer, asBytes)

function withClaimed(
  name: QueuedOperation['name'],
  answer: OperationAnswer,
  each: <Row extends Crossing>(row: Row) => Row,
): OperationAnswer {
  if (name !== 'claim' || !('value' in answer)) return answer
  const result = answer.value as ClaimResult
  return { value: { ...result, claimed: result.claimed.map(each) } }
}
