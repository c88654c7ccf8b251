import type { DeliveryStore } from '../../delivery/delivery-store.ts'
import { createAdd, createInsert } from './add.ts'
import { createChange } from './change.ts'
import { createClaim } from './claim.ts'
import type { Connection } from './connection.ts'
import { createHolding } from './hold.ts'
import { createIntake, type Intake } from './intake.ts'
import { createKeys } from './keys.ts'
import { createPlaces } from './place.ts'
import { createPurge } from './purge.ts'
import { createRead } from './read.ts'
import { createRemoval } from './remove.ts'
import { createResponses } from './responses.ts'
import { createSchedule } from './schedule.ts'
import { createSecrets } from './secrets.ts'
import { createSettling } from './settle.ts'

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
  const removal = createRemoval(database, places, schedule)
  const holding = createHolding(database, schedule, removal)
  return {
    ...createIntake(database, insert),
    ...createKeys(database),
    ...createAdd(database, insert, holding),
    makeDue: holding.makeDue,
    takeBack: holding.takeBack,
    ...secrets,
    claim: createClaim(database, places, schedule, settling, secrets),
    settle: settling.settle,
    release: settling.release,
    ...createResponses(database),
    list: read.list,
    get: read.get,
    counts: () => read.counts(),
    ...createChange(database, places, schedule, settling, removal),
    purge: createPurge(database, places),
  }
}
