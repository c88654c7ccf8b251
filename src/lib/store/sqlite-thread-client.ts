import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { lib } from '../location.ts'
import type { OperationAnswer, QueuedOperation } from './sqlite-batch.ts'
import { answersToTakeIn, asTakeIn } from './take-in.ts'
import { readAnswer, writeOperation } from './thread-message.ts'

/** A batch that is on its way. */
interface Asked {
  readonly thread: Worker
  readonly resolve: (answers: readonly OperationAnswer[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * The side of the main thread: starts the database's thread when there is something to do, keeps the process alive only
 * while a batch is on its way, and starts another thread if this one dies. One batch is on its way at a time.
 */
export class SqliteThreadClient {
  readonly #path: string
  #thread: Worker | undefined
  #asked: Asked | undefined

  constructor(path: string) {
    this.#path = path
  }

  async commit(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const takeIn = asTakeIn(batch)
    if (takeIn === undefined) {
      const answers = await this.#ask(batch.map(writeOperation))
      return answers.map((answer, index) => readAnswer(batch[index]!.name, answer))
    }
    const [answer = { unavailable: 'it gave no answer' }] = await this.#ask([takeIn])
    return answersToTakeIn(batch, answer)
  }

  #ask(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const thread = this.#start()
    return new Promise((resolve, reject) => {
      // Throws what cannot be cloned; then nothing is on its way.
      thread.postMessage(batch)
      this.#asked = { thread, resolve, reject }
      thread.ref()
    })
  }

  /** What was asked of this thread, which is now over. */
  #takeAsked(thread: Worker): Asked | undefined {
    const asked = this.#asked
    if (asked?.thread !== thread) return undefined
    this.#asked = undefined
    thread.unref()
    return asked
  }

  /** Closes the database and ends the thread; a later batch starts another one. */
  async close(): Promise<void> {
    const thread = this.#thread
    if (thread === undefined) return
    this.#thread = undefined
    thread.ref()
    thread.postMessage('close')
    await new Promise(resolve => thread.once('exit', resolve))
  }

  #start(): Worker {
    if (this.#thread !== undefined) return this.#thread
    // The package runs from its sources and from what is built of them.
    const file = `store/sqlite-thread${extname(import.meta.url)}`
    const options = { workerData: this.#path, name: 'ringback sqlite', execArgv: [] }
    const thread = new Worker(new URL(file, lib), options)
    thread.on('message', (answers: readonly OperationAnswer[]) => this.#takeAsked(thread)?.resolve(answers))
    thread.on('error', error => this.#takeAsked(thread)?.reject(error))
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
      this.#takeAsked(thread)?.reject(new Error('The thread exited'))
    })
    thread.unref()
    this.#thread = thread
    return thread
  }
}
