import { optionalNumber, type Row, text } from '../../rows/row.ts'
import { seenColumns, seenOf } from '../claim/look.ts'
import { refuseNewerTables } from '../schema.ts'
import { createTally } from '../stats/tally.ts'
import type { PostgresClient } from './postgres-client.ts'
import type { Asked, Statements } from './statement.ts'
import type { StoreMemory, Transaction } from './transaction.ts'

/** What a transaction is made with. */
export interface TransactionParts {
  readonly statements: Statements
  readonly memory: StoreMemory
}

const engineColumns = `id, version, latest_at, held_at, (extract(epoch from clock_timestamp()) * 1000)::bigint as now,
    exists (select 1 from ringback.secret) as has_secrets`
const readEngine = `select ${engineColumns} from ringback.engine`
const readAll = `select ${engineColumns}, ${seenColumns} from ringback.engine`

/**
 * Who goes from key to key gains nothing from a plan for each set of values, which costs as much as many a statement. One
 * plan is made while tables are small, when reading all of one looks cheap.
 */
const onePlan = `set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off;
  set local enable_hashjoin = off;`

/** What a transaction is for. */
export interface TransactionUse {
  /** Whether it goes from key to key. */
  readonly byKeys: boolean
  /** Whether it claims. */
  readonly claims: boolean
}

/** Begins a transaction, and reads in the same exchange what everything in it needs. */
export async function begin(
  client: PostgresClient,
  parts: TransactionParts,
  { byKeys, claims }: TransactionUse,
): Promise<Transaction> {
  const beginning = `begin isolation level read committed; ${byKeys ? onePlan : ''}`
  if (!client.pipeline)
    return transactionOn(client, parts, await parts.statements.script(client, `${beginning} ${readEngine}`))
  const text = claims ? readAll : readEngine
  const [, rows = []] = await parts.statements.all(client, [
    { text: beginning, values: undefined },
    { text, values: [] },
  ])
  const transaction = transactionOn(client, parts, rows)
  if (claims) transaction.seen = seenOf(rows[0] ?? {})
  return transaction
}

/** Goes on in a transaction that somebody has begun. */
export async function goOn(client: PostgresClient, parts: TransactionParts): Promise<Transaction> {
  return transactionOn(client, parts, await parts.statements.script(client, readEngine))
}

function transactionOn(client: PostgresClient, { statements, memory }: TransactionParts, rows: readonly Row[]) {
  const [engine] = rows
  refuseNewerTables(Number(engine?.version))
  const waiting: Asked[] = []
  const queryAll = async (asked: readonly Asked[]) => {
    const before = waiting.splice(0)
    return (await statements.all(client, [...before, ...asked])).slice(before.length)
  }
  const transaction: Transaction = {
    query: async (text, values = []) => (await queryAll([{ text, values }]))[0] ?? [],
    queryAll,
    sendWithNext: (text, values) => void waiting.push({ text, values }),
    tally: createTally(),
    engine: {
      id: text(engine?.id),
      now: Number(engine?.now),
      latestAt: optionalNumber(engine?.latest_at),
      isPaused: optionalNumber(engine?.held_at) !== undefined,
      hasSecrets: engine?.has_secrets === 1,
    },
    memory,
    seen: undefined,
    mayWait: true,
    hasEntered: false,
    atEnd: [],
  }
  return transaction
}
