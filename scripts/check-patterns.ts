import { checkSync } from 'recheck'
import {
  isCallExpression,
  isNewExpression,
  isRegularExpressionLiteral,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'
import { type Breach, breachAt, lineOf, report } from './breach.ts'
import { root } from './root.ts'
import { readSources } from './source-files.ts'

/**
 * The comment above a pattern whose time was judged by hand, with the reason: `// pattern: read from our own files`.
 */
const exception = /^\s*\/\/ pattern: \S/

/** How long the checker may take for one pattern. A pattern that takes longer is judged by hand. */
const timeoutMs = 10_000

/** The breaches of the patterns in the sources at `directory` (not in tests), and the number of patterns. */
export function patternBreaches(directory: string): { breaches: Breach[]; count: number } {
  const found = readSources(directory, files => files.flatMap(file => patternsOf(directory, file)))
  return { breaches: found.flatMap(breachOf), count: found.length }
}

interface Pattern {
  readonly place: Breach
  /** The pattern's literal; undefined where the pattern is made at run time. */
  readonly literal: string | undefined
}

function patternsOf(directory: string, file: SourceFile): Pattern[] {
  const lines = file.text.split('\n')
  const found: Pattern[] = []
  const add = (node: Node, literal: string | undefined): void => {
    const place = breachAt(directory, file, node.getStart(file), '')
    if (!exception.test(lines[lineOf(file, node.getStart(file)) - 2] ?? '')) found.push({ place, literal })
  }
  const visit = (node: Node): void => {
    if (isRegularExpressionLiteral(node)) add(node, node.text)
    else if ((isNewExpression(node) || isCallExpression(node)) && node.expression.getText(file) === 'RegExp')
      add(node, undefined)
    node.forEachChild(visit)
  }
  visit(file)
  return found
}

function breachOf({ place, literal }: Pattern): Breach[] {
  if (literal === undefined)
    return [
      { ...place, text: 'a pattern made at run time cannot be checked: write it out, or say above why it is safe' },
    ]
  const end = literal.lastIndexOf('/')
  const checked = checkSync(literal.slice(1, end), literal.slice(end + 1), { timeout: timeoutMs, randomSeed: 1 })
  if (checked.status === 'safe') return []
  const time =
    checked.status === 'vulnerable' ? `takes ${checked.complexity.summary} time` : 'takes a time that cannot be told'
  return [
    { ...place, text: `the pattern ${literal} ${time}: write a loop, or say above why it is safe ("// pattern: …")` },
  ]
}

if (import.meta.main) {
  const { breaches, count } = patternBreaches(root)
  report('The patterns', breaches, `${count} patterns take linear time`)
}
