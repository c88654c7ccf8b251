import type { Worker } from 'node:worker_threads'
import { endsWithin } from '../../../ends-within.ts'

/** The threads of databases that have not ended. One that is inside a system call ends when the call returns. */
const threads = new Set<Worker>()

/** Remembers a thread until it has ended. */
export function keepThread(thread: Worker): void {
  threads.add(thread)
  thread.once('exit', () => threads.delete(thread))
}

/** Ends all of them; false if one has not ended after `limitMs`. */
export async function endThreads(limitMs: number): Promise<boolean> {
  const ending = Promise.all([...threads].map(thread => thread.terminate()))
  await endsWithin(ending, limitMs)
  return threads.size === 0
}
