import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/**
 * Tells the process that started this one which files are loaded from now on, those that are not there included, and ends
 * this process with that one. Packages are left out: nobody works on them.
 */
export function tellLoadedFiles(): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context)
      } catch (error) {
        tell((error as { readonly url?: unknown }).url)
        throw error
      }
    },
    load(url, context, nextLoad) {
      tell(url)
      return nextLoad(url, context)
    },
  })
  process.on('disconnect', () => process.exit())
  // Who listens to the other process would otherwise never end.
  process.channel?.unref()
}

function tell(url: unknown): void {
  if (typeof url !== 'string' || !url.startsWith('file:') || url.includes('/node_modules/')) return
  process.send?.({ loaded: fileURLToPath(url) })
}
