import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { bundle } from './bundle.ts'
import { root } from './root.ts'

const swaggerUi = 'node_modules/swagger-ui-dist'
/** The files of Swagger UI that the documentation page serves. */
const swaggerFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'favicon-32x32.png',
  'oauth2-redirect.html',
  'oauth2-redirect.js',
]
const licences = ['swagger-ui-bundle.js.LICENSE.txt', 'LICENSE', 'NOTICE']

/** Writes the package's running code into an emptied folder of the repository, with a file for each of `entries`. */
export async function writePackage(folder: string, entries: readonly string[]): Promise<void> {
  const target = join(root, folder)
  rmSync(target, { recursive: true, force: true })
  await bundle(root, target, entries)
  writeDocsPage(join(target, 'docs-page'))
}

/** Each file of the documentation page becomes a module, so that bundles and runtimes without files have it, too. */
export function writeDocsPage(target: string): void {
  mkdirSync(target, { recursive: true })
  const own = globSync('src/lib/docs/browser/*', { cwd: root })
  for (const file of [...swaggerFiles.map(name => join(swaggerUi, name)), ...own]) {
    const content = readFileSync(join(root, file))
    writeFileSync(join(target, `${basename(file)}.js`), `export default ${literalOf(content, file)}\n`)
  }
  for (const name of licences) copyFileSync(join(root, swaggerUi, name), join(target, name))
}

const literalOf = (content: Buffer, file: string): string =>
  file.endsWith('.png')
    ? `Uint8Array.from(atob('${content.toString('base64')}'), character => character.charCodeAt(0))`
    : JSON.stringify(content.toString())
