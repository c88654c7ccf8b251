import { optionalNumber, text } from '../../rows/row.ts'
import { refuseNewerTables } from '../schema.ts'
import { createTally } from '../stats/tally.ts'
import type { PostgresClient } from './postgres-client.ts'
import type { Statements } from './statement.ts'
import type { StoreMemory, Transaction } from './transaction.ts'

/** What a transaction is made with. */
export interface TransactionParts {
  readonly statements: Statements
  readonly memory: StoreMemory
}

const readEngine = `select id, version, latest_at, held_at, (extract(epoch from clock_timestamp()) * 1000)::bigint as now,
    exists (select 1 from ringback.secret) as has_secrets
  from ringback.engine`

/** Who goes from key to key gains nothing from a plan for each set of values, which costs as much as many a statement. */
const onePlan = 'set local plan_cache_mode = force_generic_plan;'

/** Begins a transaction, and reads in the same exchange what everything in it needs. */
export async function begin(
  client: PostgresClient,
  parts: TransactionParts,
  { byKeys }: { readonly byKeys: boolean },
): Promise<Transaction> {
  const plans = byKeys ? onePlan : ''
  return transactionOn(client, parts, `begin isolation level read committed; ${plans} ${readEngine}`)
}

/** Goes on in a transaction that somebody has begun. */
export async function goOn(client: PostgresClient, parts: TransactionParts): Promise<Transaction> {
  return transactionOn(client, parts, readEngine)
}

async function transactionOn(client: PostgresClient, { statements, memory }: TransactionParts, script: string) {
  const [engine] = await statements.script(client, script)
  refuseNewerTables(Number(engine?.version))
  return {
    query: (text, values) => statements.run(client, text, values),
    tally: createTally(),
    engine: {
      id: text(engine?.id),
      now: Number(engine?.now),
      latestAt: optionalNumber(engine?.latest_at),
      isPaused: optionalNumber(engine?.held_at) !== undefined,
      hasSecrets: engine?.has_secrets === 1,
    },
    memory,
  } satisfies Transaction
}
