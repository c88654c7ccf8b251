// Preloaded into the application: writes to MODULES_FILE each module that is loaded, how long that takes and how often
// it happens.
import { writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const modules = []
registerHooks({
  load(url, context, nextLoad) {
    const started = performance.now()
    const loaded = nextLoad(url, context)
    if (!url.startsWith('node:'))
      modules.push({
        url,
        bytes: loaded.source?.length ?? 0,
        loadMs: performance.now() - started,
        atMs: performance.now(),
      })
    return loaded
  },
})
process.once('exit', () => writeFileSync(process.env.MODULES_FILE, JSON.stringify(modules)))
