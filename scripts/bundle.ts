import { globSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { build } from 'rolldown'

/** What is started or imported by its own name: each export of the package, the command, and the thread of the database. */
export const packagedEntries: readonly string[] = [
  'src/*.ts',
  'src/lib/cli/main.ts',
  'src/lib/store/sqlite/thread/thread.ts',
]

/** Every source by its own name, as its test imports it. */
export const everySource: readonly string[] = ['src/**/*.ts']

/**
 * The files of `dist/lib`, in the order of the ranks: each holds what its pattern names with all that it imports and that
 * stands in none before it. One who imports only signatures loads only those; an application loads seven files, not 220.
 */
const chunks: readonly (readonly [name: string, test: RegExp])[] = [
  ['base', /\/src\/lib\/(?:(?:definition|json|log|url)\/)?[\w-]+\.ts$/],
  ['sqlite', /\/store\/sqlite\/thread\/file\.ts$/],
  ['signature', /\/lib\/signature\//],
  ['expression', /\/lib\/expression\//],
  ['destination', /\/lib\/destination\//],
  ['delivery', /\/(?:delivery\/create-delivery|store\/(?:default-\w+|sqlite\/sqlite-store))\.ts$/],
  ['app', /\/app\/ringback\.ts$/],
  ['node', /\/node\/serve\.ts$/],
]

/**
 * Writes the JavaScript of the sources in `directory` into `target`, with a file for each of `entries`. Other packages
 * stay outside; what is imported by `import()` stays a file of its own.
 */
export async function bundle(directory: string, target: string, entries: readonly string[]): Promise<void> {
  const files = globSync(entries, { cwd: directory, exclude: ['**/*.test.ts', '**/*.test-d.ts'] })
  await build({
    cwd: directory,
    input: Object.fromEntries(files.map(file => [file.replace(/^src\/|\.ts$/g, ''), file])),
    platform: 'node',
    external: id => !id.startsWith('.') && !isAbsolute(id),
    // What is tested is what is packed: files are put together and no statement is judged to be without effect. Both
    // switches are needed, as either alone still drops calls that throw, such as `decodeURIComponent`.
    treeshake: false,
    output: {
      minify: false,
      dir: target,
      chunkFileNames: 'lib/[name].js',
      codeSplitting: { groups: chunks.map(([name, test], index) => ({ name, test, priority: chunks.length - index })) },
      comments: false,
      sourcemap: true,
    },
  })
}
