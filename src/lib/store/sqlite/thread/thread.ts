import { parentPort, workerData } from 'node:worker_threads'
import type { QueuedOperation } from '../../queue/queued-operation.ts'
import { SqliteFile } from './file.ts'
import { readOperation, writeAnswer } from './thread-message.ts'

/** The thread that owns the connection: a batch comes in, is committed, and its answers go out. */

const file = new SqliteFile({
  ...(workerData as { readonly path: string; readonly limitBytes: number | undefined }),
  warn: warning => parentPort?.postMessage({ warning }),
})

function run(batch: readonly QueuedOperation[] | 'close'): void {
  if (batch === 'close') {
    end()
    return
  }
  const answers = file.run(batch.map(readOperation))
  parentPort?.postMessage(answers.map((answer, index) => writeAnswer(batch[index]!.name, answer)))
}

/** A thread that listens no more ends; the port of Deno has no `close`. */
function end(): void {
  file.close()
  parentPort?.off('message', run)
  parentPort?.close?.()
}

parentPort?.on('message', run)
