import { globSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { build } from 'rolldown'
import { root } from './root.ts'

/** What is started or imported by its own name: each export of the package, the command, and the thread of the database. */
const entries = ['src/*.ts', 'src/lib/cli/main.ts', 'src/lib/store/sqlite-thread.ts']

/**
 * The files of `dist/lib`, in the order of the ranks: each holds what its pattern names with all that it imports and that
 * stands in none before it. One who imports only signatures loads only those; an application loads seven files, not 220.
 */
const chunks: readonly (readonly [name: string, test: RegExp])[] = [
  ['base', /\/src\/lib\/[\w-]+\.ts$/],
  ['sqlite', /\/store\/sqlite-file\.ts$/],
  ['signature', /\/lib\/signature\//],
  ['expression', /\/lib\/expression\//],
  ['destination', /\/lib\/destination\//],
  ['delivery', /\/(?:delivery\/create-delivery|store\/(?:default-\w+|sqlite-store))\.ts$/],
  ['app', /\/app\/ringback\.ts$/],
]

/** Writes the package's JavaScript. Other packages stay outside; what is imported by `import()` stays a file of its own. */
export async function bundle(target: string): Promise<void> {
  const files = globSync(entries, { cwd: root })
  await build({
    cwd: root,
    input: Object.fromEntries(files.map(file => [file.replace(/^src\/|\.ts$/g, ''), file])),
    platform: 'node',
    external: id => !id.startsWith('.') && !isAbsolute(id),
    output: {
      dir: target,
      chunkFileNames: 'lib/[name].js',
      codeSplitting: { groups: chunks.map(([name, test], index) => ({ name, test, priority: chunks.length - index })) },
      comments: false,
      sourcemap: true,
    },
  })
}
