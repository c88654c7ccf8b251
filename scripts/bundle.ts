import { globSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { build } from 'rolldown'

/**
 * The files that are started or imported by name: each export of the package, the command, and the thread of the
 * database.
 */
export const packagedEntries: readonly string[] = [
  'src/*.ts',
  'src/lib/cli/main.ts',
  'src/lib/store/sqlite/thread/thread.ts',
]

/** Every source under its own name, as its test imports it. */
export const everySource: readonly string[] = ['src/**/*.ts']

/**
 * The files of `dist/lib`, in the order of the ranks: each contains the sources that match its pattern, with everything
 * they import that is not in an earlier file. A program that imports only signatures loads only those, one that
 * only receives loads no application, and an application loads eight files, not 220.
 */
const chunks: readonly (readonly [name: string, test: RegExp])[] = [
  ['base', /\/src\/lib\/(?:(?:(?:definition|json|log|url)\/)?[\w-]+|signature\/destination-hash)\.ts$/],
  ['sqlite', /\/store\/sqlite\/thread\/file\.ts$/],
  ['signature', /\/lib\/signature\//],
  ['expression', /\/lib\/expression\//],
  [
    'message',
    /\/(?:compiled\/compiled-callback|callback\/(?:bind-callbacks|request-deliveries)|http\/(?:parse-query|body\/read-body)|operation\/webhook-definition|openapi\/(?:defined-members|receiver\/text-constants|webhooks\/webhook-message))\.ts$/,
  ],
  ['destination', /\/lib\/destination\//],
  ['delivery', /\/(?:delivery\/create-delivery|store\/(?:default-\w+|sqlite\/sqlite-store))\.ts$/],
  ['app', /\/(?:app\/ringback|operation\/bodies\/form)\.ts$/],
  ['node', /\/node\/serve\.ts$/],
]

/**
 * Writes the JavaScript of the sources in `directory` into `target`, with a file for each of `entries`. Other packages
 * are not included; a source that is imported by `import()` keeps a file of its own.
 */
export async function bundle(directory: string, target: string, entries: readonly string[]): Promise<void> {
  const files = globSync(entries, { cwd: directory, exclude: ['**/*.test.ts', '**/*.test-d.ts'] })
  await build({
    cwd: directory,
    input: Object.fromEntries(files.map(file => [file.replace(/^src\/|\.ts$/g, ''), file])),
    // Its runtime for 'node' makes a `require` at every start, which no bundle for another runtime can.
    platform: 'neutral',
    external: id => !id.startsWith('.') && !isAbsolute(id),
    // The package behaves as the tested sources do: files are joined, and no statement is dropped for having no effect.
    // Both switches are needed, as either alone still drops calls that throw, such as `decodeURIComponent`.
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
