import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Breach, report } from './breach.ts'
import { compilerMessages } from './compiler-messages.ts'
import { docCommentBreaches } from './doc-comments.ts'
import { type Example, examplesOf } from './examples.ts'
import { root } from './root.ts'
import { runNode } from './run-tool.ts'

/** Inside of `dist`, so that it is ignored, and inside of the package, so that `ringback` means this very build. */
const folder = 'dist/examples-check'
const pages = ['README.md', 'docs/**/*.md', 'src/**/*.ts']
const runTimeoutMs = 20_000

function readExamples(): Example[] {
  return globSync(pages, { cwd: root })
    .filter(file => !/\.test(-d)?\.ts$/.test(file))
    .toSorted()
    .flatMap(file => examplesOf(file, readFileSync(join(root, file), 'utf8')))
}

/** Writes each example as a module, those of one page into one folder; gives them by the path written. */
function writeExamples(examples: readonly Example[]): Map<string, Example> {
  rmSync(join(root, folder), { recursive: true, force: true })
  const written = new Map(
    examples.map(one => [`${folder}/${one.file.replaceAll(/[/.]/g, '-')}/${one.name ?? `line-${one.line}.ts`}`, one]),
  )
  for (const [path, { code }] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), code)
  }
  return written
}

function compile(written: ReadonlyMap<string, Example>): Breach[] {
  const compilerOptions = { noUnusedLocals: false, noUnusedParameters: false }
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['.'], exclude: [] }
  writeFileSync(join(root, folder, 'tsconfig.json'), JSON.stringify(config))
  return compilerMessages(folder).map(({ file, line, lines }) => {
    const example = written.get(file)
    const text = `the example does not compile: ${lines.join('\n    ')}`
    return { file: example?.file ?? file, line: example === undefined ? line : example.line + line - 1, text }
  })
}

function run([path, { file, line }]: [path: string, example: Example]): Breach[] {
  const { ok, output } = runNode([join(root, path)], root, runTimeoutMs)
  return ok ? [] : [{ file, line, text: `the example does not run: ${output}` }]
}

const written = writeExamples(readExamples())
const running = [...written].filter(([, { runs }]) => runs)
const exampleBreaches = written.size === 0 ? [] : [...compile(written), ...running.flatMap(run)]
const summary = `every export is documented; ${written.size} examples compile, ${running.length} of them run`
report('The documentation', [...docCommentBreaches(root), ...exampleBreaches], summary)
