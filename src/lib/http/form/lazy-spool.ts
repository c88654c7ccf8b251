import { once } from '../../once.ts'
import type { Spool, SpooledFiles } from './spool.ts'

/** The spool of an application, loaded with its first form that may hold files. */
export class LazySpool {
  readonly #load: () => Promise<Spool>
  #spool: Spool | undefined

  constructor(limitBytes: number) {
    this.#load = once(async () => {
      const { removeLeftOvers, Spool } = await import('./spool.ts')
      this.#spool = new Spool(limitBytes)
      // Nobody waits for it, and a folder that cannot be looked at is left alone.
      removeLeftOvers().catch(() => {})
      return this.#spool
    })
  }

  /** Room for the files of one form. */
  async open(): Promise<SpooledFiles> {
    return (this.#spool ?? (await this.#load())).open()
  }

  /** Removes all files that are still there. */
  async close(): Promise<void> {
    await this.#spool?.close()
  }
}
