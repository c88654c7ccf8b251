import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { root } from './root.ts'

/** The folder of the repository where every source stands as it is packed; see `test-package.ts`. */
export const packagedFolder = 'dist-test'

const source = `${pathToFileURL(root)}/src/`
const packaged = `${pathToFileURL(root)}/${packagedFolder}/`

/** Where an import of a source leads instead; a test stays itself. */
function packagedUrl(url: string): string | undefined {
  if (!url.startsWith(source) || !url.endsWith('.ts') || url.endsWith('.test.ts')) return undefined
  return packaged + url.slice(source.length, -'ts'.length) + 'js'
}

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    const url = packagedUrl(resolved.url)
    return url === undefined ? resolved : { ...resolved, url, format: 'module' }
  },
})
