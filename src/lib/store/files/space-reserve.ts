import { randomBytes } from 'node:crypto'
import { closeSync, lstatSync, openSync, rmSync, statSync, writeSync } from 'node:fs'

/** How much is reserved for claims, results and purging; on a small file system a sixteenth of it. */
const reserveBytes = 8 * 1_048_576
const partOfSmall = 16

/**
 * A file beside the database that reserves room on the disk. New deliveries are stored only while it exists. When the
 * disk is full the file is deleted, so that what was acknowledged can still be claimed, recorded and purged. It is made
 * again when there is twice as much room as it needs.
 */
export class SpaceReserve {
  readonly #path: string
  #held = false

  constructor(database: string) {
    this.#path = `${database}-reserve`
  }

  /**
   * Whether there is room for so many bytes of new work. They are written twice: to the log of the database, and to its
   * pages, some of which may be free. Makes the reserve if it is missing.
   */
  hasRoomFor(bytes: number, disk: { readonly freeBytes: number; readonly bytes: number }, freePages: number): boolean {
    const size = Math.min(reserveBytes, Math.floor(disk.bytes / partOfSmall))
    // Another process may have deleted it.
    if (this.#held && statSync(this.#path, { throwIfNoEntry: false }) === undefined) this.#held = false
    if (!this.#held) this.#hold(size, disk.freeBytes)
    return this.#held && disk.freeBytes > bytes + size / 2 && disk.freeBytes + freePages > bytes * 2 + size
  }

  /** Deletes the file so that others can use its room; true if there was one. */
  release(): boolean {
    const was = statSync(this.#path, { throwIfNoEntry: false }) !== undefined
    rmSync(this.#path, { force: true })
    this.#held = false
    return was
  }

  #hold(size: number, free: number): void {
    const there = lstatSync(this.#path, { throwIfNoEntry: false })
    this.#held = there?.isFile() === true && there.size >= size
    if (this.#held || free < size * 2) return
    try {
      // A process that was killed may have left a part of the file.
      rmSync(this.#path, { force: true })
      this.#write(size)
      this.#held = true
    } catch {
      // The disk became full meanwhile.
      this.release()
    }
  }

  #write(size: number): void {
    // Fails if something is there: it could be a link to another file, which must never be overwritten.
    const file = openSync(this.#path, 'wx', 0o600)
    try {
      // Not zeros, because a file system may store them without taking up room.
      const block = randomBytes(65_536)
      for (let left = size; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length))
    } finally {
      closeSync(file)
    }
  }
}
