import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { isExportDeclaration, isNamedExports, isStringLiteral, type SourceFile } from 'typescript/unstable/ast'
import { type Breach, breachAt, report } from './breach.ts'
import { isExportFile, layerOf } from './layers.ts'
import { root } from './root.ts'
import { readSources } from './source-files.ts'

const drawerNames = /^(utils?|helpers?|commons?)$/i
const codeFolders = ['src', 'scripts', 'test', 'examples', 'bench']

/** How many sources a folder of `src/lib` may hold, tests apart. */
const mostFiles = 25

/** Every breach of the house's order in the repository at `directory`: see ARCHITECTURE.md. `biome.json` holds the rest. */
export function layerBreaches(directory: string): Breach[] {
  return readSources(directory, files => [
    ...files.flatMap(file => placeBreaches(directory, file)),
    ...files.flatMap(file => importBreaches(directory, file)),
    ...crowdedBreaches(files.map(({ fileName }) => relative(directory, dirname(fileName)))),
    ...codeFolders.flatMap(folder => drawerBreaches(directory, folder)),
  ])
}

function importBreaches(directory: string, file: SourceFile): Breach[] {
  return file.imports.filter(isStringLiteral).flatMap(node => {
    const fault = importFault(relative(directory, file.fileName), node.text)
    return fault === undefined
      ? []
      : [breachAt(directory, file, node.getStart(file), `imports "${node.text}", ${fault}`)]
  })
}

/** What is wrong with an import of `specifier` by the file `from`. */
function importFault(from: string, specifier: string): string | undefined {
  if (/^ringback(\/|$)/.test(specifier)) return 'the package itself; import the file'
  if (!specifier.startsWith('.')) return undefined
  const to = join(dirname(from), specifier)
  // Biome finds every cycle but that of one.
  if (to === from) return 'which is itself'
  const [importing, imported] = [layerOf(from), layerOf(to)]
  if (importing === undefined || imported === undefined) return undefined
  if (importing.rank > imported.rank) return undefined
  if (importing.folder === imported.folder && importing.folder !== 'src') return undefined
  return `but rank ${importing.rank} imports only lower ranks and its own folder, and this is rank ${imported.rank}`
}

/** The folders, each named once for every source in it, that hold too many. */
function crowdedBreaches(folders: readonly string[]): Breach[] {
  return [...Map.groupBy(folders, folder => folder)]
    .filter(([folder, { length }]) => folder.startsWith('src/lib') && length > mostFiles)
    .map(([file, { length }]) => ({
      file,
      line: 1,
      text: `holds ${length} sources; at most ${mostFiles} may stand here`,
    }))
}

function placeBreaches(directory: string, file: SourceFile): Breach[] {
  const path = relative(directory, file.fileName)
  if (layerOf(path) === undefined)
    return [breachAt(directory, file, 0, `stands in a folder without a rank; scripts/layers.ts lists those there are`)]
  if (isExportFile(path))
    return file.statements
      .filter(statement => !reExportsByName(statement))
      .map(statement =>
        breachAt(
          directory,
          file,
          statement.getStart(file),
          'an export file only re-exports from "./lib/", name by name',
        ),
      )
  return []
}

function reExportsByName(statement: SourceFile['statements'][number]): boolean {
  if (!isExportDeclaration(statement) || statement.exportClause === undefined) return false
  const { moduleSpecifier, exportClause } = statement
  return (
    isNamedExports(exportClause) &&
    moduleSpecifier !== undefined &&
    isStringLiteral(moduleSpecifier) &&
    moduleSpecifier.text.startsWith('./lib/')
  )
}

function drawerBreaches(directory: string, folder: string): Breach[] {
  if (!existsSync(join(directory, folder))) return []
  return readdirSync(join(directory, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => !path.includes('node_modules'))
    .filter(path => drawerNames.test(path.split('/').at(-1)?.split('.')[0] ?? ''))
    .map(path => ({ file: join(folder, path), line: 1, text: 'is named after no idea; name it after what it does' }))
}

if (import.meta.main) report('The order of the layers', layerBreaches(root), 'every import goes down')
