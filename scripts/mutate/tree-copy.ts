import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { root } from '../root.ts'
import { writeDocsPage } from '../write-package.ts'

const leftOut = ['node_modules', '.git', 'dist', 'dist-test', '.ringback']

/** A copy of the repository in which the package's name leads to its sources, so that no mutant needs a build. */
export function copyTree(): { directory: string; [Symbol.dispose](): void } {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-mutate-'))
  cpSync(root, directory, {
    recursive: true,
    filter: path => !leftOut.includes(relative(root, path).split(sep)[0] ?? ''),
  })
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'))
  writeDocsPage(join(directory, 'dist', 'docs-page'))
  const manifest = join(directory, 'package.json')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, text.replaceAll(/"default": "\.\/dist\/(.*)\.js"/g, '"default": "./src/$1.ts"'))
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }) }
}
