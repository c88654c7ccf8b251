import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { fifoOf, reachedOf } from './hanging-disk.ts'

/**
 * Makes this thread hang in a system call while there is a FIFO for it: before it looks at a request, or after it has
 * committed one. Must be imported before the program of the thread, so that it gets every message first.
 */
function hangs(when: 'before' | 'after'): void {
  const fifo = fifoOf((workerData as { readonly path: string }).path, when)
  if (!existsSync(fifo)) return
  writeFileSync(reachedOf(fifo), '')
  readFileSync(fifo)
}

if (parentPort !== null) {
  const post = parentPort.postMessage.bind(parentPort)
  parentPort.on('message', () => hangs('before'))
  parentPort.postMessage = responses => {
    hangs('after')
    post(responses)
  }
}
