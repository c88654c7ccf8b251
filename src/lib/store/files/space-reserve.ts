import { randomBytes } from 'node:crypto'
import { closeSync, lstatSync, openSync, rmSync, statSync, writeSync } from 'node:fs'

/** So much is kept for claims, settlements and purge; on a small file system a sixteenth of it. */
const reserveBytes = 8 * 1_048_576
const partOfSmall = 16

/**
 * A file beside the database that holds room on the disk. While it is there, new deliveries may be stored. When the disk
 * is full it is given up, so that what was acknowledged can still be claimed, recorded and purged; it is made again when
 * there is room for it twice.
 */
export class SpaceReserve {
  readonly #path: string
  #held = false

  constructor(database: string) {
    this.#path = `${database}-reserve`
  }

  /**
   * Whether there is room for new work of so many bytes, which is written twice: to the log of the database, and to its
   * pages, of which some may be free. Makes the reserve where it is missing.
   */
  hasRoomFor(bytes: number, disk: { readonly freeBytes: number; readonly bytes: number }, freePages: number): boolean {
    const size = Math.min(reserveBytes, Math.floor(disk.bytes / partOfSmall))
    // Another process may have given it up.
    if (this.#held && statSync(this.#path, { throwIfNoEntry: false }) === undefined) this.#held = false
    if (!this.#held) this.#hold(size, disk.freeBytes)
    return this.#held && disk.freeBytes > bytes + size / 2 && disk.freeBytes + freePages > bytes * 2 + size
  }

  /** Gives the room to who needs it; true if there was any. */
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
      // Whoever was killed left a part of one.
      rmSync(this.#path, { force: true })
      this.#write(size)
      this.#held = true
    } catch {
      // The disk became full meanwhile.
      this.release()
    }
  }

  #write(size: number): void {
    // A link that somebody has put there would lead to another file: that is never written to.
    const file = openSync(this.#path, 'wx', 0o600)
    try {
      // Not zeros, which a file system may keep without room for them.
      const block = randomBytes(65_536)
      for (let left = size; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length))
    } finally {
      closeSync(file)
    }
  }
}
