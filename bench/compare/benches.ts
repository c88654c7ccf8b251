import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Throughput } from '../delivery/report.ts'
import type { Measurement } from '../http/report.ts'
import type { SliceResult } from '../load/slice.ts'

/** The cost of one case: CPU for each request or delivery, in microseconds. */
export interface Cost {
  readonly name: string
  readonly microseconds: number
}

/** A benchmark that can be compared: how to run it for one round, and how to read its `--json`. */
interface Bench {
  readonly args: readonly string[]
  readonly cost: (measured: never) => Cost
}

const per = (seconds: number, count: number): number => (seconds / count) * 1e6

/** The benchmarks by name, each with its Ringback part. */
export const benches: Readonly<Record<string, Bench>> = {
  http: {
    args: ['--servers', 'ringback;ringback, z.compile'],
    cost: (one: Measurement) => ({
      name: `${one.server}: ${one.case}`,
      microseconds: per(one.cpuSeconds, one.requests),
    }),
  },
  callback: {
    args: [],
    cost: (one: SliceResult & { readonly worker: string; readonly operation: string }) => ({
      name: `worker ${one.worker}: ${one.operation}`,
      microseconds: per(one.cpuSeconds, one.requests),
    }),
  },
  delivery: {
    args: ['--senders', 'ringback, v1;ringback, v1 and v1a', '--latencies', '0'],
    cost: (one: Throughput) => ({ name: one.sender, microseconds: per(one.deliver.cpuSeconds, one.deliveries) }),
  },
}

/** One round of a benchmark on the package of a checkout; `args` are further options of the benchmark. */
export async function runRound(name: string, folder: string, args: readonly string[]): Promise<readonly Cost[]> {
  const bench = benches[name]
  if (bench === undefined) throw new Error(`No benchmark is called "${name}": ${Object.keys(benches).join(', ')}`)
  const program = join(folder, 'bench', name, 'run.ts')
  const options = { cwd: folder, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, ...bench.args, '--rounds', '1', '--json', ...args],
    options,
  )
  const { measured } = JSON.parse(stdout) as { measured: readonly never[] }
  return measured.map(one => bench.cost(one))
}
