import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { StoreOutcomeUnknownError } from '../../../delivery/store-outcome-unknown-error.ts'
import { endsWithin } from '../../../ends-within.ts'
import { lib } from '../../../location.ts'
import { once } from '../../../once.ts'
import type { StoreSpaceOptions } from '../../files/store-space.ts'
import type { OperationAnswer, QueuedOperation } from '../../queue/queued-operation.ts'
import { keepThread } from './database-threads.ts'
import { readAnswer, writeOperation } from './thread-message.ts'

/** A batch that was sent to the thread. */
interface Asked {
  readonly thread: Worker
  readonly resolve: (answers: readonly OperationAnswer[]) => void
  readonly reject: (error: unknown) => void
}

/** The package runs from its sources as well as from what is built of them. */
const threadProgram = once(() => new URL(`store/sqlite/thread/thread${extname(import.meta.url)}`, lib()))

/**
 * The main thread's side: starts the database's thread when there is something to do, keeps the process alive only
 * while a batch is being worked on, and starts another thread if this one dies. It sends one batch at a time.
 */
export class SqliteThreadClient {
  readonly #space: StoreSpaceOptions
  readonly #program: URL | undefined
  #thread: Worker | undefined
  #asked: Asked | undefined

  /** `program` is what the thread runs. */
  constructor(space: StoreSpaceOptions, program?: URL) {
    this.#space = space
    this.#program = program
  }

  async commit(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const answers = await this.#ask(batch.map(writeOperation))
    return answers.map((answer, index) => readAnswer(batch[index]!.name, answer))
  }

  #ask(batch: readonly QueuedOperation[]): Promise<readonly OperationAnswer[]> {
    const thread = this.#start()
    return new Promise((resolve, reject) => {
      // Throws if something cannot be cloned; then nothing was sent.
      thread.postMessage(batch)
      this.#asked = { thread, resolve, reject }
      thread.ref()
    })
  }

  /** The batch that was sent to this thread, which is now over. */
  #takeAsked(thread: Worker): Asked | undefined {
    const asked = this.#asked
    if (asked?.thread !== thread) return undefined
    this.#asked = undefined
    thread.unref()
    return asked
  }

  /**
   * Closes the database and ends the thread; a later batch starts another one. A thread that is busy, or does not close
   * within `limitMs`, ends as soon as the system lets go of it. Nobody waits for that.
   */
  async close(limitMs: number): Promise<void> {
    const thread = this.#thread
    if (thread === undefined) return
    this.#thread = undefined
    const atWork = this.#asked?.thread === thread
    if (!atWork && (await closes(thread, limitMs))) return
    void thread.terminate()
    this.#takeAsked(thread)?.reject(new StoreOutcomeUnknownError('it has been closed'))
    thread.unref()
  }

  #start(): Worker {
    if (this.#thread !== undefined) return this.#thread
    const { path, limitBytes, warn } = this.#space
    const options = { workerData: { path, limitBytes }, name: 'ringback sqlite', execArgv: [] }
    const thread = new Worker(this.#program ?? threadProgram(), options)
    keepThread(thread)
    thread.on('message', (message: readonly OperationAnswer[] | { readonly warning?: string }) => {
      // Node's watch mode posts messages of its own about the files that a thread has loaded.
      if (isAnswers(message)) this.#takeAsked(thread)?.resolve(message)
      else if (message.warning !== undefined) warn(message.warning)
    })
    thread.on('error', cause => this.#takeAsked(thread)?.reject(stopped(cause)))
    thread.on('exit', () => {
      if (this.#thread === thread) this.#thread = undefined
      this.#takeAsked(thread)?.reject(stopped(undefined))
    })
    thread.unref()
    this.#thread = thread
    return thread
  }
}

const isAnswers = (message: unknown): message is readonly OperationAnswer[] => Array.isArray(message)

/** Whether an idle thread ends in time when it is told to. */
function closes(thread: Worker, limitMs: number): Promise<boolean> {
  const exited = new Promise(resolve => thread.once('exit', resolve))
  thread.ref()
  thread.postMessage('close')
  return endsWithin(exited, limitMs)
}

/** The thread may have committed before it stopped. */
function stopped(cause: unknown): StoreOutcomeUnknownError {
  return new StoreOutcomeUnknownError('the database thread stopped', { cause })
}
