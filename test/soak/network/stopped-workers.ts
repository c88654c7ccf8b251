import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunningProgram } from '../../support/child-process.ts'
import type { Stop } from './judge-deliveries.ts'

/** How long a worker runs between two stops, and is stopped. */
const RUNS_MS = { least: 1_000, most: 8_000 }
const STOPPED_MS = { least: 100, most: 4_000 }

/** Stops the worker and lets it go on, now and then, until the signal; gives the times in which it stood. */
export async function stopNowAndThen(
  { process: worker }: RunningProgram,
  path: string,
  { random, signal }: { readonly random: () => number; readonly signal: AbortSignal },
): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  using database = new DatabaseSync(path, { timeout: 100 })
  const between = ({ least, most }: typeof RUNS_MS) => least + random() * (most - least)
  try {
    for (;;) {
      await delay(between(RUNS_MS), undefined, { signal })
      const from = Date.now()
      worker.kill('SIGSTOP')
      try {
        if (isFree(database)) await delay(between(STOPPED_MS), undefined, { signal })
      } finally {
        worker.kill('SIGCONT')
        stops.push({ from, to: Date.now() })
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
    return stops
  }
}

/** One that is stopped while it has the database's lock would keep everybody else from it: that is another story. */
function isFree(database: DatabaseSync): boolean {
  try {
    database.exec('begin immediate; rollback')
    return true
  } catch {
    return false
  }
}
