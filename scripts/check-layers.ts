import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { isExportDeclaration, isNamedExports, isStringLiteral, type SourceFile } from 'typescript/unstable/ast'
import { type Breach, breachAt, lineOf, report } from './breach.ts'
import { type Import, importCycles } from './import-cycles.ts'
import { isExportFile, layerOf } from './layers.ts'
import { root } from './root.ts'
import { readSources } from './source-files.ts'

const drawerNames = /^(utils?|helpers?|commons?)$/i
const codeFolders = ['src', 'scripts', 'test', 'examples', 'bench']

/** Every breach of the house's order in the repository at `directory`: see ARCHITECTURE.md. */
export function layerBreaches(directory: string): Breach[] {
  return readSources(directory, files => {
    const imports = files.flatMap(file => importsOf(directory, file))
    const cycles = importCycles(imports).map(({ closing, way }) => ({
      file: closing.from,
      line: closing.line,
      text: `closes an import cycle: ${way.join(' → ')}`,
    }))
    return [
      ...files.flatMap(file => placeBreaches(directory, file)),
      ...files.flatMap(file => specifierBreaches(directory, file)),
      ...imports.flatMap(rankBreaches),
      ...cycles,
      ...codeFolders.flatMap(folder => drawerBreaches(directory, folder)),
    ]
  })
}

function importsOf(directory: string, file: SourceFile): Import[] {
  const from = relative(directory, file.fileName)
  return specifiersOf(file)
    .filter(({ text }) => text.startsWith('.'))
    .map(({ text, position }) => ({
      from,
      to: relative(directory, join(dirname(file.fileName), text)),
      line: lineOf(file, position),
    }))
}

function specifiersOf(file: SourceFile): { text: string; position: number }[] {
  return file.imports.filter(isStringLiteral).map(node => ({ text: node.text, position: node.getStart(file) }))
}

function specifierBreaches(directory: string, file: SourceFile): Breach[] {
  return specifiersOf(file).flatMap(({ text, position }) => {
    if (/^ringback(\/|$)/.test(text))
      return [breachAt(directory, file, position, `imports "${text}", the package itself; import the file`)]
    if (text.startsWith('.') && !/\.(ts|json)$/.test(text))
      return [breachAt(directory, file, position, `imports "${text}" without its ending ".ts"`)]
    return []
  })
}

function rankBreaches({ from, to, line }: Import): Breach[] {
  const [importing, imported] = [layerOf(from), layerOf(to)]
  if (importing === undefined || imported === undefined) return []
  if (importing.rank > imported.rank || (importing.folder === imported.folder && importing.folder !== 'src')) return []
  const ranks = `rank ${importing.rank} imports rank ${imported.rank}`
  return [{ file: from, line, text: `imports "${to}": ${ranks}, but only a lower rank or the own folder is allowed` }]
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
  const isBarrel =
    file.statements.length > 0 &&
    file.statements.every(one => isExportDeclaration(one) && one.moduleSpecifier !== undefined)
  return isBarrel ? [breachAt(directory, file, 0, 'is a barrel: import from the files that it re-exports')] : []
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
