import { registerHooks } from 'node:module'

/**
 * Responds by an application where there is no SQLite, no `import.meta.url` and no way to make a `require`, as in a bundle
 * for another runtime, and prints the response.
 */
const MISSING = ['node:sqlite', 'node:module', 'node:worker_threads']
registerHooks({
  resolve(specifier, context, nextResolve) {
    if (context.parentURL?.includes('/dist/') && MISSING.slice(0, 2).includes(specifier))
      throw new Error(`"${specifier}" is not there`)
    return nextResolve(specifier, context)
  },
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!url.includes('/dist/')) return loaded
    return { ...loaded, source: String(loaded.source).replaceAll('import.meta.url', 'undefined') }
  },
})
const { getBuiltinModule } = process
process.getBuiltinModule = ((name: string) =>
  MISSING.includes(name) ? undefined : getBuiltinModule(name)) as typeof getBuiltinModule

const { callback, Ringback } = await import('ringback')
const { z } = await import('zod')
const app = new Ringback({ title: 'Bare', version: '1.0.0' })
app.get(
  '/bare',
  {
    query: z.object({ callback_url: z.url().optional() }),
    response: z.string(),
    callbacks: { paid: callback.post('{$callback_url}', { body: z.object({ n: z.number() }) }) },
  },
  ({ setCookie }) => {
    setCookie('a', 'b')
    return 'bare'
  },
)
const response = await app.fetch(new Request('http://localhost/bare'))
const document = await app.fetch(new Request('http://localhost/openapi.yaml'))
console.log(response.status, await response.text(), response.headers.getSetCookie().join(), document.status)
