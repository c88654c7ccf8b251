import { choices } from './choices.ts'
import { type FuzzCase, shownCase } from './fuzz-case.ts'
import { FuzzedProcess, type Measured } from './fuzzed-process.ts'
import { request } from './grammar/request.ts'
import { slowness } from './machine-speed.ts'

const MOST_CPU_MS = 250
const MOST_RESPONSE_BYTES = 100_000
const MOST_GROWTH_MIB = 32
/** The application keeps its deliveries in memory. */
const CASES_PER_PROCESS = 3_000

/** A request that costs more than is allowed. */
export interface Found {
  readonly seed: number
  readonly index: number
  readonly fuzzed: FuzzCase
  readonly measured: Measured
  readonly reason: string
}

export interface Fuzzed {
  readonly cases: number
  readonly statuses: ReadonlyMap<number, number>
  readonly found: Found | undefined
}

/** What was found and why, how to repeat it, and the description of the request. */
export const foundText = ({ seed, index, fuzzed, reason }: Found): string =>
  `${reason}: npm run fuzz -- --seed ${seed} --case ${index}\n  ${shownCase(fuzzed)}`

export const caseOf = (seed: number, index: number): FuzzCase => request(choices(seed, index))

/** Runs the cases of a seed for a time, until one fails alone as well and is not ignored. */
export async function fuzz(
  root: string,
  seed: number,
  seconds: number,
  ignores: (fuzzed: FuzzCase) => Promise<boolean> = async () => false,
): Promise<Fuzzed> {
  const end = performance.now() + seconds * 1000
  const statuses = new Map<number, number>()
  let cases = 0
  let found: Found | undefined
  const lane = async (): Promise<void> => {
    using servers = new FuzzedProcesses(root)
    while (found === undefined && performance.now() < end) {
      const index = cases++
      const fuzzed = caseOf(seed, index)
      const measured = await servers.measure(fuzzed)
      statuses.set(measured.status, (statuses.get(measured.status) ?? 0) + 1)
      if (reasonOf(measured) === undefined) continue
      const again = await alone(root, fuzzed)
      const reason = reasonOf(again, MOST_CPU_MS * slowness())
      if (reason !== undefined && !(await ignores(fuzzed))) found ??= { seed, index, fuzzed, measured: again, reason }
    }
  }
  // One process makes a request while the other handles one.
  await Promise.all([lane(), lane()])
  return { cases, statuses, found }
}

/** Takes the processes in turn. */
class FuzzedProcesses implements Disposable {
  readonly #root: string
  #current: FuzzedProcess | undefined
  #cases = 0

  constructor(root: string) {
    this.#root = root
  }

  async measure(fuzzed: FuzzCase): Promise<Measured> {
    this.#current ??= await FuzzedProcess.start(this.#root)
    const measured = await this.#current.measure(fuzzed)
    this.#cases += 1
    if (!measured.survived || this.#cases % CASES_PER_PROCESS === 0) this[Symbol.dispose]()
    return measured
  }

  [Symbol.dispose](): void {
    this.#current?.[Symbol.dispose]()
    this.#current = undefined
  }
}

/**
 * The cost of a case in a fresh process, after a small request to the same operation. It runs three times, unless the
 * first two agree, and the median counts.
 */
export async function alone(root: string, fuzzed: FuzzCase): Promise<Measured> {
  const first = await inFreshProcess(root, fuzzed)
  const second = await inFreshProcess(root, fuzzed)
  const agree = (reasonOf(first) === undefined) === (reasonOf(second) === undefined)
  return agree ? second : inFreshProcess(root, fuzzed)
}

async function inFreshProcess(root: string, fuzzed: FuzzCase): Promise<Measured> {
  using server = await FuzzedProcess.start(root)
  await server.measure({ ...fuzzed, body: fuzzed.body === '' ? '' : '[{}]' })
  return await server.measure(fuzzed)
}

export function reasonOf(
  { cpuMs, responseBytes, grownMiB, status, survived }: Measured,
  mostCpuMs = MOST_CPU_MS,
): string | undefined {
  if (cpuMs > mostCpuMs) return `It blocks the event loop for ${Math.round(cpuMs)} ms`
  if (status >= 400 && responseBytes > MOST_RESPONSE_BYTES) return `Its response has ${responseBytes} bytes`
  if (grownMiB > MOST_GROWTH_MIB) return `It makes the process grow by ${Math.round(grownMiB)} MiB`
  return survived ? undefined : 'It ends the process'
}
