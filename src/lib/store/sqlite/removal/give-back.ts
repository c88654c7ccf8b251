import type { Connection } from '../connection.ts'

/** How many pages are given back in one step. */
const pagesAtOnce = 500

/**
 * Gives room back to the file system, a step at a time, if more than half of the database is free. Otherwise free pages
 * are kept for reuse. True while there may be more.
 */
export function createGiveBack(database: Connection): () => boolean {
  const mode = database.prepare('pragma auto_vacuum')
  const free = database.prepare('pragma freelist_count')
  const all = database.prepare('pragma page_count')
  return () => {
    const freePages = Number(free.get()?.['freelist_count'])
    if (freePages < pagesAtOnce || freePages < Number(all.get()?.['page_count']) / 2) return false
    if (mode.get()?.['auto_vacuum'] !== incremental) return false
    database.exec(`pragma incremental_vacuum(${pagesAtOnce})`)
    return true
  }
}

/** The value of `pragma auto_vacuum`. */
const incremental = 2
