const sampleMs = 50

/**
 * Watches the resident memory of this program. Gives its current size, and a function that reads the maximum since
 * then.
 */
export function watchMemory(): { readonly idleBytes: number; mostBytes(): number } {
  const idleBytes = process.memoryUsage.rss()
  let most = idleBytes
  setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, sampleMs)
  return { idleBytes, mostBytes: () => most }
}
