import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { bundle } from './bundle.ts'
import { root } from './root.ts'

/** The files of Swagger UI that the documentation page serves, with their licence. */
const swaggerFiles = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt',
  'favicon-32x32.png',
  'favicon-16x16.png',
  'oauth2-redirect.html',
  'oauth2-redirect.js',
  'LICENSE',
  'NOTICE',
]

/** Writes the package's running code into an emptied folder of the repository, with a file for each of `entries`. */
export async function writePackage(folder: string, entries: readonly string[]): Promise<void> {
  const target = join(root, folder)
  rmSync(target, { recursive: true, force: true })
  await bundle(root, target, entries)
  copyAssets(join(root, 'src'), target)
  copySwagger(join(target, 'swagger-ui'))
}

/** Files beside the sources that are neither TypeScript nor a test's (`.test.` in the name) belong to the package. */
function copyAssets(source: string, target: string): void {
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.ts') || entry.name.includes('.test.')) continue
    const destination = join(entry.parentPath.replace(source, target), entry.name)
    mkdirSync(dirname(destination), { recursive: true })
    copyFileSync(join(entry.parentPath, entry.name), destination)
  }
}

function copySwagger(target: string): void {
  for (const name of swaggerFiles) cpSync(join(root, 'node_modules/swagger-ui-dist', name), join(target, name))
}
