/** The folders of `src/lib` by rank: a file imports only from a lower rank or its own folder. */
const folders: readonly (readonly string[])[] = [
  [],
  ['definition', 'json', 'log', 'telemetry', 'url'],
  ['schema', 'http', 'expression', 'signature', 'destination'],
  ['delivery', 'document'],
  ['operation'],
  ['callback', 'docs', 'openapi', 'security', 'store'],
  ['receiver', 'request'],
  ['app'],
  ['node'],
  ['testing', 'cli'],
]

/** The folder of a file of `src/`, and its rank; `undefined` for a folder that is not listed. */
export interface Layer {
  readonly folder: string
  readonly rank: number
}

/** The layer of a file by its path relative to the repository, with `/`. */
export function layerOf(file: string): Layer | undefined {
  const [src, lib, folder, ...rest] = file.split('/')
  if (src !== 'src' || lib === undefined) return undefined
  if (lib !== 'lib') return folder === undefined ? { folder: 'src', rank: folders.length } : undefined
  if (folder === undefined) return undefined
  if (rest.length === 0) return { folder: 'src/lib', rank: 0 }
  const rank = folders.findIndex(names => names.includes(folder))
  return rank === -1 ? undefined : { folder: `src/lib/${folder}`, rank }
}

/** Whether a file is one of the package's exports. */
export function isExportFile(file: string): boolean {
  return layerOf(file)?.folder === 'src'
}
