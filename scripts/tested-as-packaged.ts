import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { root } from './root.ts'

/** The folder of the repository with every source as it is packed; see `test-package.ts`. */
export const packagedFolder = 'dist-test'

const source = `${pathToFileURL(root)}/src/`
const packaged = `${pathToFileURL(root)}/${packagedFolder}/`

/** The packed file for the import of a source; a test stays the same file. */
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
