/** One import of one file by another; both relative to the repository. */
export interface Import {
  readonly from: string
  readonly to: string
  /** Counted from 1, in `from`. */
  readonly line: number
}

/** Every import that closes a cycle, each with the way round: the files from the imported one back to the importing. */
export function importCycles(imports: readonly Import[]): { closing: Import; way: readonly string[] }[] {
  const importsByFile = Map.groupBy(imports, ({ from }) => from)
  const done = new Set<string>()
  const way: string[] = []
  const cycles: { closing: Import; way: readonly string[] }[] = []

  function visit(file: string): void {
    way.push(file)
    for (const one of importsByFile.get(file) ?? []) {
      const start = way.indexOf(one.to)
      if (start !== -1) cycles.push({ closing: one, way: [...way.slice(start), one.to] })
      else if (!done.has(one.to)) visit(one.to)
    }
    way.pop()
    done.add(file)
  }

  for (const file of importsByFile.keys()) if (!done.has(file)) visit(file)
  return cycles
}
