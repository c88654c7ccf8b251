import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { type Breach, report } from './breach.ts'
import { compilerMessages } from './compiler-messages.ts'
import { docCommentBreaches } from './doc-comments.ts'
import { announcedOutput, type Example, examplesOf, missingOutput } from './examples.ts'
import { root } from './root.ts'

/** Inside of the package, so that `ringback` means this very build, and out of `dist`, which is packed meanwhile. */
const folder = 'dist-check/examples'
const pages = ['README.md', 'docs/**/*.md', 'src/**/*.ts']
const runTimeoutMs = 60_000
const execute = promisify(execFile)

function readExamples(): Example[] {
  return globSync(pages, { cwd: root })
    .filter(file => !/\.test(-d)?\.ts$/.test(file))
    .toSorted()
    .flatMap(file => examplesOf(file, readFileSync(join(root, file), 'utf8')))
}

/** Writes each example as a module, those of one page into one folder. Gives them by path. */
function writeExamples(examples: readonly Example[]): Map<string, Example> {
  rmSync(join(root, folder), { recursive: true, force: true })
  const written = new Map(
    examples.map(one => [`${folder}/${one.file.replaceAll(/[/.]/g, '-')}/${one.name ?? `line-${one.line}.ts`}`, one]),
  )
  for (const [path, { file, code }] of written) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), code)
    writeGuideExample(file, dirname(path))
  }
  return written
}

/** Other blocks of a page of the guide import its example as if it stood beside them. */
function writeGuideExample(page: string, directory: string): void {
  const name = /^docs\/guide\/([\w-]+)\.md$/.exec(page)?.[1]
  if (name === undefined) return
  const target = relative(directory, `examples/guide/${name}.ts`)
  writeFileSync(join(root, directory, `${name}.ts`), `export * from '${target}'\n`)
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

/** Runs examples, a few at a time, each in a folder of its own. */
async function runAll(examples: readonly (readonly [path: string, example: Example])[]): Promise<Breach[]> {
  const waiting = [...examples]
  const breaches: Breach[] = []
  const folder = mkdtempSync(join(tmpdir(), 'ringback-examples-'))
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      breaches.push(...(await run(next, join(folder, String(waiting.length)))))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  rmSync(folder, { recursive: true })
  return breaches
}

async function run([path, { file, line, code }]: readonly [string, Example], cwd: string): Promise<Breach[]> {
  mkdirSync(cwd)
  const env = { ...process.env, RINGBACK_STORE: join(cwd, 'deliveries.sqlite'), PORT: '0' }
  try {
    const { stdout } = await execute(process.execPath, [join(root, path)], { cwd, env, timeout: runTimeoutMs })
    const missing = missingOutput(announcedOutput(code), stdout)
    if (missing === undefined) return []
    return [{ file, line, text: `the example announces "${missing}", but prints: ${stdout}` }]
  } catch (error) {
    return [{ file, line, text: `the example does not run: ${(error as Error).message}` }]
  }
}

const written = writeExamples(readExamples())
const running = [...written].filter(([, { runs }]) => runs)
const exampleBreaches = written.size === 0 ? [] : [...compile(written), ...(await runAll(running))]
const summary = `every export is documented; ${written.size} examples compile, ${running.length} of them run`
report('The documentation', [...docCommentBreaches(root), ...exampleBreaches], summary)
