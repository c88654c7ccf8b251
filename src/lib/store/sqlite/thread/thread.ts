import { parentPort, workerData } from 'node:worker_threads'
import type { QueuedOperation } from './batch.ts'
import { SqliteFile } from './file.ts'

/** The thread that owns the connection: a batch comes in, is committed, and its answers go out. */

const file = new SqliteFile({
  ...(workerData as { readonly path: string; readonly limitBytes: number | undefined }),
  warn: warning => parentPort?.postMessage({ warning }),
})

parentPort?.on('message', (batch: readonly QueuedOperation[] | 'close') => {
  if (batch !== 'close') {
    return parentPort?.postMessage(file.run(batch))
  }
  file.close()
  parentPort?.close()
})
