import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { fifoOf, reachedOf } from './hanging-disk.ts'

/**
 * Makes this thread stand in a call of the system while there is a FIFO for it: before it looks at what it is asked, or
 * after it has committed that. To be imported before the program of the thread, so that it hears of everything first.
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
  parentPort.postMessage = answers => {
    hangs('after')
    post(answers)
  }
}
