import { isFunctionLikeDeclaration, type Node, type SourceFile } from 'typescript/unstable/ast'
import { type Breach, breachAt, lineOf, report } from './breach.ts'
import { root } from './root.ts'
import { readSources } from './source-files.ts'

/** How many lines each thing may have: more than the first is told, more than the second refused. */
const limits = {
  file: { warn: 300, refuse: 500 },
  function: { warn: 50, refuse: 100 },
} as const

interface Size {
  readonly kind: keyof typeof limits
  readonly lines: number
  readonly place: Breach
}

/** The sizes above the limits in the sources at `directory`, tests apart: what is told, and what is refused. */
export function sizeBreaches(directory: string): { warned: Breach[]; refused: Breach[] } {
  const sizes = readSources(directory, files => files.flatMap(file => sizesOf(directory, file)))
  const refused = sizes.filter(({ kind, lines }) => lines > limits[kind].refuse)
  const warned = sizes.filter(({ kind, lines }) => lines > limits[kind].warn && lines <= limits[kind].refuse)
  return { warned: warned.map(({ place }) => place), refused: refused.map(({ place }) => place) }
}

function sizesOf(directory: string, file: SourceFile): Size[] {
  const sizes: Size[] = []
  const add = (kind: Size['kind'], position: number, end: number) => {
    const lines = lineOf(file, end) - lineOf(file, position) + 1
    sizes.push({ kind, lines, place: breachAt(directory, file, position, `a ${kind} of ${lines} lines`) })
  }
  const visit = (node: Node): void => {
    if (isFunctionLikeDeclaration(node)) add('function', node.getStart(file), node.end)
    node.forEachChild(visit)
  }
  add('file', 0, file.text.trimEnd().length)
  visit(file)
  return sizes
}

if (import.meta.main) {
  const { warned, refused } = sizeBreaches(root)
  for (const { file, line, text } of warned) console.log(`${file}:${line} ${text}: think of dividing it`)
  report('The sizes', refused, `${warned.length} above what is aimed at`)
}
