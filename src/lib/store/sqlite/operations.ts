import type { ClaimRequest } from '../../delivery/delivery-store.ts'
import type { OperationName, OperationRequest, OperationResult } from '../queue/queued-operation.ts'
import { createAdd, createInsert } from './add.ts'
import { createChange } from './change.ts'
import { createClaim } from './claim/claim.ts'
import { createClockWatch } from './clock/clock-watch.ts'
import type { Connection } from './connection.ts'
import { type Counts, createCounts } from './counts.ts'
import { createChangeDestinations } from './destinations/change-destinations.ts'
import { createListDestinations } from './destinations/list-destinations.ts'
import { createSendingPause } from './destinations/sending-pause.ts'
import { createAttempts } from './end-attempts.ts'
import { createWebhooks } from './endpoints/webhooks.ts'
import { createWalk } from './find/walk.ts'
import { createOutageHandlers } from './handlers/outage-handlers.ts'
import { createSettledHandlers } from './handlers/settled-handlers.ts'
import { createTrouble } from './handlers/trouble.ts'
import { createHolding } from './hold.ts'
import { createKeys } from './keys.ts'
import { createMessages } from './messages.ts'
import { createPlaces } from './place.ts'
import { createPurge } from './purge.ts'
import { createQueue } from './queue.ts'
import { createRead } from './read.ts'
import { createRemoval } from './remove.ts'
import { createSecrets } from './secrets.ts'
import { createSendAgain } from './send-again.ts'
import { createSettle } from './settle.ts'
import { createHours } from './stats/hours.ts'
import { createLastClaim } from './stats/last-claim.ts'
import { createStats } from './stats/stats.ts'

/** The same operations, done at once on a connection that is in a transaction. */
export type SqliteOperations = {
  readonly [Name in OperationName]: (request: OperationRequest<Name>) => OperationResult<Name>
}

/** The operations, and what they have counted. */
export interface PreparedOperations {
  readonly operations: SqliteOperations
  readonly counts: Counted
}

/** Prepares every statement on a connection whose tables exist. */
export function createOperations(database: Connection): PreparedOperations {
  const counts = createCounts(database)
  const messages = createMessages(database)
  const places = createPlaces(database)
  const queue = createQueue(database, places)
  const hours = createHours(database)
  const lastClaim = createLastClaim(database)
  const trouble = createTrouble(database)
  const settle = createSettle(database, { queue, counts, trouble, hours })
  const sendAgain = createSendAgain(database, { queue, counts, settle })
  const webhooks = createWebhooks(database, { places, messages, queue, counts, sendAgain })
  const { tellEndpoint, webhookMessages } = webhooks
  const attempts = createAttempts(database, { places, queue, counts, settle, trouble, hours, tellEndpoint })
  const secrets = createSecrets(database)
  const removeMessage = webhookMessages.remove
  const removal = createRemoval(database, { places, messages, queue, counts, trouble, removeMessage })
  const holding = createHolding(database, { queue, removal, webhookMessages })
  const walk = createWalk(database)
  const claim = createClaim(database, { places, queue, counts, attempts, settle, secrets })
  const insert = createInsert(database, { places, messages, queue, holding, counts })
  const operations: SqliteOperations = {
    ...createKeys(database, messages),
    ...createAdd(database, insert, { holding, webhookMessages }),
    makeDue: holding.makeDue,
    takeBack: holding.takeBack,
    secretVersions: secrets.secretVersions,
    rotateSecret: secrets.rotateSecret,
    claim(request: ClaimRequest) {
      lastClaim.note(request.now)
      return claim(request)
    },
    stats: createStats(database, hours, lastClaim),
    endAttempts: attempts.end,
    release: attempts.release,
    ...createSettledHandlers(database),
    ...createOutageHandlers(database),
    ...createRead(database, walk, counts),
    ...webhooks.operations({ settle, attempts, removal }),
    ...createChange(database, { places, messages, queue, counts, attempts, settle, removal, walk, sendAgain }),
    destinations: createListDestinations(database),
    changeDestinations: createChangeDestinations(database, places),
    ...createSendingPause(database),
    purge: createPurge(database, { places, messages, counts, hours }),
  }
  return { operations: watching(operations, createClockWatch(database)), counts: together([counts, hours, lastClaim]) }
}

/** Before each operation with a time, checks whether the clock was corrected. */
function watching(operations: SqliteOperations, watch: (now: number) => void): SqliteOperations {
  const watched = Object.entries(operations).map(([name, operation]) => [
    name,
    (request: unknown) => {
      const now = timeOf(request)
      if (now !== undefined) watch(now)
      return (operation as (request: unknown) => unknown)(request)
    },
  ])
  return Object.fromEntries(watched)
}

function timeOf(request: unknown): number | undefined {
  if (typeof request !== 'object' || request === null || !('now' in request)) return undefined
  return typeof request.now === 'number' ? request.now : undefined
}

/** Counts of a transaction: written at its end, or forgotten if it is rolled back. */
type Counted = Pick<Counts, 'write' | 'forget'>

function together(all: readonly Counted[]): Counted {
  return {
    write() {
      for (const each of all) each.write()
    },
    forget() {
      for (const each of all) each.forget()
    },
  }
}
