import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { SpaceReserve } from './space-reserve.ts'

const gibibyte = 1_073_741_824
/** There is a warning when so much of the limit is used, or so little of the file system is left. */
const warnAt = { ofLimit: 0.8, leftOfDisk: 0.1, leftBytes: gibibyte }
/** The next warning comes only after this much has been free again. */
const recovered = 1.1
/** If less is free, the log of the database is copied often, so that it needs little room itself. */
const tightBytes = 67_108_864

/** Which store it is, how much it may take, and how to warn. */
export interface StoreSpaceOptions {
  readonly path: string
  readonly limitBytes: number | undefined
  readonly warn: (message: string) => void
}

/**
 * Tells whether new work may be stored: within the limit, and only while the disk has room for the work that continues.
 */
export class StoreSpace {
  readonly #options: StoreSpaceOptions
  readonly #reserve: SpaceReserve
  #pages: { readonly database: DatabaseSync; readonly statement: StatementSync } | undefined
  #warned = false
  #tight = false

  constructor(options: StoreSpaceOptions) {
    this.#options = options
    this.#reserve = new SpaceReserve(options.path)
  }

  /** Whether there was little room when new work was last stored. */
  get isTight(): boolean {
    return this.#tight
  }

  /** Why so many bytes of new work may not be stored; undefined if they may. */
  refusal(database: DatabaseSync, bytes: number): string | undefined {
    const { limitBytes, path } = this.#options
    const { bsize, bavail, blocks } = statfsSync(dirname(path))
    const disk = { freeBytes: bavail * bsize, bytes: blocks * bsize }
    const { used, free } = this.#pagesOf(database)
    this.#tight = disk.freeBytes < tightBytes
    this.#warnOnce(used, disk)
    if (limitBytes !== undefined && used + bytes > limitBytes)
      return `it holds ${used} bytes and its limit is ${limitBytes}`
    return this.#reserve.hasRoomFor(bytes, disk, free) ? undefined : 'the disk is nearly full'
  }

  /** Frees the room that was reserved for a full disk; true if there was any. */
  release(): boolean {
    return this.#reserve.release()
  }

  #warnOnce(used: number, disk: { readonly freeBytes: number; readonly bytes: number }): void {
    const { limitBytes, path, warn } = this.#options
    const factor = this.#warned ? recovered : 1
    const isLow =
      limitBytes === undefined
        ? disk.freeBytes < Math.max(disk.bytes * warnAt.leftOfDisk, warnAt.leftBytes) * factor
        : used > (limitBytes * warnAt.ofLimit) / factor
    if (isLow && !this.#warned)
      warn(
        limitBytes === undefined
          ? `The disk of the delivery store has ${disk.freeBytes} bytes left; when it is full, new work is refused: ${path}`
          : `The delivery store holds ${used} bytes; at ${limitBytes} new work is refused: ${path}`,
      )
    this.#warned = isLow
  }

  /** The bytes of the pages in use, and of the free pages. */
  #pagesOf(database: DatabaseSync): { readonly used: number; readonly free: number } {
    if (this.#pages?.database !== database)
      this.#pages = {
        database,
        statement: database.prepare(
          `select p.page_count as pages, f.freelist_count as free, s.page_size as size
           from pragma_page_count p, pragma_freelist_count f, pragma_page_size s`,
        ),
      }
    const { pages, free, size } = this.#pages.statement.get() as Record<'pages' | 'free' | 'size', number>
    return { used: (pages - free) * size, free: free * size }
  }
}
