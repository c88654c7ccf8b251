import type { Worker } from 'node:worker_threads'
import { endsWithin } from '../../../ends-within.ts'

/** The threads of databases that have not ended: one that stands in a call of the system ends when that returns. */
const threads = new Set<Worker>()

/** Keeps a thread in mind until it has ended. */
export function keepThread(thread: Worker): void {
  threads.add(thread)
  thread.once('exit', () => threads.delete(thread))
}

/** Ends all of them; false where one has not ended after `limitMs`. */
export async function endThreads(limitMs: number): Promise<boolean> {
  const ending = Promise.all([...threads].map(thread => thread.terminate()))
  await endsWithin(ending, limitMs)
  return threads.size === 0
}
