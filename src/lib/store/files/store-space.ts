import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { SpaceReserve } from './space-reserve.ts'

const gibibyte = 1_073_741_824
/** The log is warned when so much of the limit is used, or so little of the file system is left. */
const warnAt = { ofLimit: 0.8, leftOfDisk: 0.1, leftBytes: gibibyte }
/** It is warned again only after this much was free once more. */
const recovered = 1.1
/** Below this the log of the database is copied often, so that it needs little room itself. */
const tightBytes = 67_108_864

/** How much a store may take, and how much room there is for it. */
export interface StoreSpaceOptions {
  readonly path: string
  readonly limitBytes: number | undefined
  readonly warn: (message: string) => void
}

/** Says whether new work may be stored: within the limit, and while the disk has room for what goes on with it. */
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

  /** Whether little room was left when new work was stored last. */
  get isTight(): boolean {
    return this.#tight
  }

  /** Why so many bytes of new work may not be stored; undefined where they may. */
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

  /** Gives up what was held for a full disk; true if there was any. */
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

  /** The bytes of the pages that are in use, and of those that are free. */
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
