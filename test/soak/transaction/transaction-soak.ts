import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../seeded-random.ts'
import { openSoakDatabase, type SoakStore } from './soak-database.ts'

export interface TransactionSoakOptions {
  readonly store: SoakStore
  readonly rounds: number
  readonly seed: number
  readonly onRound?: (round: number, committed: number) => void
}

/** What was found after all kills. */
export interface TransactionSoakResult {
  readonly kills: number
  readonly invoices: number
  /** Told to be committed, before a kill. */
  readonly acknowledged: number
  /** Neither told before the kill nor undone, and there: the kill came between the commit and the response. */
  readonly unacknowledged: number
  readonly violations: readonly string[]
}

const PROGRAM = fileURLToPath(new URL('committing-app.ts', import.meta.url))
const MASTER_SECRET = 'a master secret for soaks only, 32 characters or more'
/** A kill comes after so many commits have begun, and so much later. */
const COMMITS = { least: 1, most: 24 }
const LATER_MS = 12

type Message = { readonly committing?: string; readonly committed?: string; readonly failed?: string }

/** Kills a process around its commits again and again, and compares the invoices with the deliveries after each kill. */
export async function transactionSoak(options: TransactionSoakOptions): Promise<TransactionSoakResult> {
  const { rounds, seed, onRound } = options
  await using database = await openSoakDatabase(options.store)
  const random = seededRandom(seed)
  const acknowledged = new Set<string>()
  const violations = new Set<string>()
  for (let round = 1; round <= rounds; round++) {
    const args = [options.store, database.address, MASTER_SECRET, String(round)]
    const heard = await killedRun(args, random)
    for (const { committed, failed } of heard) {
      if (committed !== undefined) acknowledged.add(committed)
      if (failed !== undefined) violations.add(`FAILED ${failed}`)
    }
    const invoices = await database.invoices()
    const deliveries = await database.deliveries()
    for (const id of invoices.difference(deliveries)) violations.add(`NO DELIVERY ${id}`)
    for (const id of deliveries.difference(invoices)) violations.add(`NO INVOICE ${id}`)
    for (const id of acknowledged.difference(invoices)) violations.add(`LOST ${id}`)
    for (const id of invoices) if (id.endsWith('undone')) violations.add(`NOT UNDONE ${id}`)
    onRound?.(round, invoices.size)
  }
  const { size } = await database.invoices()
  return {
    ...{ kills: rounds, invoices: size, acknowledged: acknowledged.size },
    ...{ unacknowledged: size - acknowledged.size, violations: [...violations] },
  }
}

/** Runs the program and kills it; gives what it has said until then. */
async function killedRun(args: readonly string[], random: () => number): Promise<readonly Message[]> {
  const commits = COMMITS.least + Math.floor(random() * (COMMITS.most - COMMITS.least))
  const laterMs = random() * LATER_MS
  const heard: Message[] = []
  const child = fork(PROGRAM, args)
  const exit = once(child, 'exit')
  const begun = new Promise<void>(resolve => {
    child.on('message', message => {
      heard.push(message as Message)
      if (heard.filter(({ committing }) => committing !== undefined).length >= commits) resolve()
    })
  })
  const died = exit.then(([code]) => {
    if (code !== null) throw new Error(`The program ended by itself with code ${code}`)
  })
  await Promise.race([begun, died])
  await delay(laterMs)
  child.kill('SIGKILL')
  await died
  return heard
}
