import { relative } from 'node:path'
import type { SourceFile } from 'typescript/unstable/ast'
import { type Checker, type Symbol as DeclaredSymbol, SymbolFlags } from 'typescript/unstable/sync'
import { type Breach, breachAt } from './breach.ts'
import { isExportFile } from './layers.ts'
import { readSources } from './source-files.ts'

/** Every export of the package at `directory` without a doc comment, and every exported value without an example in it. */
export function docCommentBreaches(directory: string): Breach[] {
  return readSources(directory, (files, checker) => {
    const exports = files
      .filter(file => isExportFile(relative(directory, file.fileName)))
      .flatMap(file => exportsOf(file, checker))
    const breaches = [...new Map(exports.map(symbol => [symbol.id, symbol])).values()].flatMap(symbol => {
      const text = documentationFault(symbol, checker)
      return text === undefined ? [] : [atDeclaration(directory, symbol, `"${symbol.name}" ${text}`)]
    })
    return breaches.toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
  })
}

function exportsOf(file: SourceFile, checker: Checker): DeclaredSymbol[] {
  const module = checker.getSymbolAtLocation(file)
  if (module === undefined) return []
  return checker
    .getExportsOfModule(module)
    .map(symbol => (symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
}

function documentationFault(symbol: DeclaredSymbol, checker: Checker): string | undefined {
  if (symbol.getDocumentationComment(checker).trim() === '') return 'is exported without a doc comment'
  if ((symbol.flags & SymbolFlags.Value) === 0) return undefined
  const examples = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example')
  if (examples.some(({ text = '' }) => /```ts( no-run)?\n.*from 'ringback/s.test(text))) return undefined
  return 'is exported without an @example: one ```ts fence that imports from the package'
}

function atDeclaration(directory: string, symbol: DeclaredSymbol, text: string): Breach {
  const declaration = symbol.declarations[0]?.resolve()
  if (declaration === undefined) return { file: 'src', line: 1, text }
  const file = declaration.getSourceFile()
  return breachAt(directory, file, declaration.getStart(file), text)
}
