import type { Connection } from '../connection.ts'

/** So many pages are given back in one step. */
const pagesAtOnce = 500

/**
 * Gives room back to the file system, a step at a time, where more than half of the database is free: what is free is used
 * again otherwise. True while there may be more.
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

/** As `pragma auto_vacuum` gives it. */
const incremental = 2
