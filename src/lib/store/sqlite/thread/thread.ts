import { parentPort, workerData } from 'node:worker_threads'
import type { QueuedOperation } from '../../queue/queued-operation.ts'
import { SqliteFile } from './file.ts'
import { readOperation, writeAnswer } from './thread-message.ts'

/** The thread that owns the connection: a batch comes in, is committed, and its answers go out. */

const file = new SqliteFile({
  ...(workerData as { readonly path: string; readonly limitBytes: number | undefined }),
  warn: warning => parentPort?.postMessage({ warning }),
})

parentPort?.on('message', (batch: readonly QueuedOperation[] | 'close') => {
  if (batch !== 'close') {
    const answers = file.run(batch.map(readOperation))
    return parentPort?.postMessage(answers.map((answer, index) => writeAnswer(batch[index]!.name, answer)))
  }
  file.close()
  parentPort?.close()
})
