import type { DeliveryStore } from '../delivery/delivery-store.ts'
import { createAdd, createInsert } from './sqlite-add.ts'
import { createChange } from './sqlite-change.ts'
import { createClaim } from './sqlite-claim.ts'
import type { Connection } from './sqlite-connection.ts'
import { createIntake, type Intake } from './sqlite-intake.ts'
import { createPlaces } from './sqlite-place.ts'
import { createPurge } from './sqlite-purge.ts'
import { createRead } from './sqlite-read.ts'
import { createResponses } from './sqlite-responses.ts'
import { createSchedule } from './sqlite-schedule.ts'
import { createSecrets } from './sqlite-secrets.ts'
import { createSettling } from './sqlite-settle.ts'

/** The operations of the store's port that do work in the database. */
export type OperationName = Exclude<keyof DeliveryStore, 'location' | 'close'>

/** What an operation is asked, and what it answers: plain data, so that it can cross to another thread. */
export type OperationRequest<Name extends OperationName> = Parameters<DeliveryStore[Name]>[0]
export type OperationResult<Name extends OperationName> = Awaited<ReturnType<DeliveryStore[Name]>>

/** The same operations, done at once on a connection that is in a transaction. */
export type SqliteOperations = {
  readonly [Name in OperationName]: (request: OperationRequest<Name>) => OperationResult<Name>
}

/** Prepares every statement on a connection whose tables are there. */
export function createOperations(database: Connection): SqliteOperations & Intake {
  const places = createPlaces(database)
  const schedule = createSchedule(database, places)
  const settling = createSettling(database, places, schedule)
  const read = createRead(database)
  const secrets = createSecrets(database)
  const insert = createInsert(database, places, schedule)
  return {
    ...createIntake(database, insert),
    ...createAdd(database, insert),
    ...secrets,
    claim: createClaim(database, places, schedule, settling, secrets),
    settle: settling.settle,
    release: settling.release,
    ...createResponses(database),
    list: read.list,
    get: read.get,
    counts: () => read.counts(),
    ...createChange(database, places, schedule, settling),
    purge: createPurge(database, places),
  }
}
