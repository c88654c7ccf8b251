import type { DeliveryEngine } from 'ringback/delivery'
import { PostgresMachine } from '../../support/postgres-machine.ts'
import { PostgresTestStore } from '../postgres/postgres-test-store.ts'
import { TestStore } from '../test-store.ts'
import { type Victim, VictimProgram } from './victim.ts'

/** The databases whose processes are killed. */
export type CrashStore = 'sqlite' | 'postgres'

/** A store, and what is killed around it. */
export interface CrashStage extends AsyncDisposable {
  readonly deliveries: DeliveryEngine['deliveries']
  readonly victims: readonly Victim[]
  /** A process that nobody kills, and that sends what is left. */
  readonly last: VictimProgram
  /** Starts what the last one needs. */
  prepareLast(): Promise<void>
}

const shortLeases = new URL('../../programs/short-leases.ts', import.meta.url)
const invoices = new URL('../../programs/postgres-invoices.ts', import.meta.url)

/** Two servers that send as well on a file, or two servers, two workers and the database server itself. */
export async function createStage(store: CrashStore, random: () => number): Promise<CrashStage> {
  return store === 'sqlite' ? onFile(await TestStore.create()) : onServer(await PostgresMachine.create(), random)
}

function onFile(store: TestStore): CrashStage {
  const program = () => new VictimProgram(shortLeases, store.environment)
  return {
    deliveries: store.deliveries,
    victims: [program(), program()],
    last: program(),
    async prepareLast() {},
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}

async function onServer(machine: PostgresMachine, random: () => number): Promise<CrashStage> {
  const store = new PostgresTestStore(machine.connectionString)
  const program = (role: string) => new VictimProgram(invoices, { ...store.environment, ROLE: role })
  await machine.start()
  return {
    deliveries: store.deliveries,
    victims: [program('web'), program('web'), program('worker'), program('worker'), new VictimServer(machine, random)],
    last: program('both'),
    prepareLast: () => machine.start(),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await machine[Symbol.asyncDispose]()
    },
  }
}

/** The database server: now all of it is killed, now one of its processes, from which it recovers by itself if it can. */
class VictimServer implements Victim {
  readonly url = undefined
  readonly #machine: PostgresMachine
  readonly #random: () => number

  constructor(machine: PostgresMachine, random: () => number) {
    this.#machine = machine
    this.#random = random
  }

  async start(): Promise<void> {
    await this.#machine.start()
  }

  async kill(): Promise<void> {
    if (this.#random() < 0.5) await this.#machine.kill()
    else this.#machine.killBackend(this.#random)
  }

  state(): string {
    return `the database server: ${this.#machine.state()}`
  }
}
