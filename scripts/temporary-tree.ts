import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const config = JSON.stringify({
  compilerOptions: { module: 'nodenext', allowImportingTsExtensions: true, noEmit: true, types: [] },
  include: ['src'],
  exclude: ['src/**/*.test.ts'],
})

/**
 * Calls `read` with the directory of a tree of these files and the compiler's configuration, and removes it afterwards.
 */
export function withTree<T>(files: Readonly<Record<string, string>>, read: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-tree-'))
  try {
    for (const [path, text] of Object.entries({ 'tsconfig.build.json': config, ...files })) {
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), text)
    }
    return read(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
