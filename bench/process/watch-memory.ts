const sampleMs = 50

/** Watches the resident memory of this program from now on: what it is now, and a reader of the most since. */
export function watchMemory(): { readonly idleBytes: number; mostBytes(): number } {
  const idleBytes = process.memoryUsage.rss()
  let most = idleBytes
  setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, sampleMs)
  return { idleBytes, mostBytes: () => most }
}
