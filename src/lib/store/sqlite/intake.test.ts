import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  array,
  boolean,
  assert as check,
  constantFrom,
  integer,
  option,
  property,
  record,
  string,
  uint8Array,
} from 'fast-check'
import type { NewDelivery } from '../../delivery/stored-delivery.ts'
import { newDelivery, startMs } from '../conformance/rows.ts'
import { createIntake, type TakeInRequest } from './intake.ts'
import { migrate } from './schema.ts'
import type { QueuedOperation } from './thread/batch.ts'
import { asTakeIn } from './thread/take-in.ts'

const deadline = startMs + 5_000

function addOf(rows: readonly NewDelivery[], now = startMs): QueuedOperation {
  return { name: 'add', request: { rows, now }, deadline }
}

/** An intake, and what has left it. */
function intakeWithRows() {
  const database = new DatabaseSync(':memory:')
  migrate(database)
  const left: { readonly row: NewDelivery; readonly now: number }[] = []
  const intake = createIntake(database, (row, now) => left.push({ row, now }))
  const takeIn = (batch: readonly QueuedOperation[]) => intake.takeIn(asTakeIn(batch)?.request as TakeInRequest)
  return { intake, takeIn, left }
}

const text = string({ unit: 'binary' })
const bytes = option(uint8Array(), { nil: undefined })
/** What deliveries of a kind have in common. */
const kindParts = {
  operation: text,
  callback: text,
  method: text,
  responses: option(text, { nil: undefined }),
  retryDelaysSeconds: array(integer({ min: 0 })),
  timeoutMs: integer(),
  retryOnInvalidResponse: boolean(),
  hasOnResponse: boolean(),
}
const kind = record(kindParts)
const kindPart = constantFrom(...(Object.keys(kindParts) as (keyof typeof kindParts)[]))
const delivery = record({
  id: text,
  url: text,
  destination: text,
  origin: text,
  recipient: option(text, { nil: undefined }),
  destinationHash: text,
  headers: bytes,
  body: bytes,
  traceParent: option(text, { nil: undefined }),
  orderingKey: option(text, { nil: undefined }),
  dueAt: option(integer(), { nil: undefined }),
})
/** A delivery, and the one part in which it may differ from the kind of the others. */
const written = record({ delivery, differs: option(kindPart, { nil: undefined }) })

const plainBytes = (row: NewDelivery) => ({
  ...row,
  headers: row.headers && [...row.headers],
  body: row.body && [...row.body],
})

test('createIntake gives every delivery back as it was, in the order of storing', () => {
  check(
    property(kind, kind, array(array(written, { minLength: 1 }), { minLength: 1 }), (usual, other, batches) => {
      const { intake, takeIn, left } = intakeWithRows()
      const rowOf = ({ delivery, differs }: (typeof batches)[number][number]): NewDelivery => ({
        ...{ idempotencyKey: undefined, digest: undefined, ...delivery, ...usual },
        ...(differs !== undefined && { [differs]: other[differs] }),
      })
      const given = batches.map(rows => rows.map(rowOf))
      for (const [index, rows] of given.entries()) takeIn([addOf(rows, startMs + index)])
      assert.deepEqual(left, [])
      intake.empty()
      const expected = given.flatMap((rows, index) => rows.map(row => ({ row: plainBytes(row), now: startMs + index })))
      assert.deepEqual(
        left.map(({ row, now }) => ({ row: plainBytes(row), now })),
        expected,
      )
      intake.empty()
      assert.equal(left.length, expected.length)
    }),
  )
})

test('createIntake lets whoever stores give the oldest their places before too many wait', () => {
  const { intake, takeIn, left } = intakeWithRows()
  const rows = Array.from({ length: 400 }, (_, index) => newDelivery(`d${index}`))
  // The first row goes by its number, 400; the second and the third have 800 and 1,200.
  for (let stored = 400; stored <= 10_400; stored += 400) {
    takeIn([addOf(rows)])
    assert.equal(left.length, 0, `${stored} are stored`)
  }
  takeIn([addOf(rows)])
  assert.equal(left.length, 1_200)
  takeIn([addOf(rows)])
  assert.equal(left.length, 1_200)
  intake.empty()
  assert.equal(left.length, 28 * 400)
})
