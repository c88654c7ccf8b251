import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { root } from './root.ts'
import { startNode, toolArguments } from './run-tool.ts'
import { shareCompiled } from './share-compiled.ts'

interface Check {
  readonly name: string
  /** What Node is given. */
  readonly args: readonly string[]
}

const script = (name: string, ...args: readonly string[]): Check => ({ name, args: [`scripts/${name}.ts`, ...args] })

/** All checks that do not run the product. Once it is built, none depends on another. The longest come first. */
const checks: readonly Check[] = [
  script('check-docs'),
  script('type-budget'),
  script('check-consumer'),
  { name: 'scripts', args: ['--test', '--test-reporter=dot', ...globSync('scripts/**/*.test.ts', { cwd: root })] },
  script('check-package'),
  script('check-types'),
  { name: 'tsc', args: toolArguments('tsc', ['-p', 'tsconfig.json', '--noEmit']) },
  script('check-patterns'),
  { name: 'knip', args: toolArguments('knip', ['--no-progress']) },
  { name: 'biome', args: toolArguments('biome', ['ci', '--diagnostic-level=error', '--colors=off', '.']) },
  script('check-layers'),
  script('skill', '--check'),
]

/** Runs a check, reports its result, and says whether it passed. */
async function passes({ name, args }: Check): Promise<boolean> {
  const started = performance.now()
  const { ok, output } = await startNode(args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const summary = ok && name.includes('-') ? (output.split('\n').at(-1) ?? '') : ''
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(14)} ${seconds.padStart(5)} s  ${summary}`.trimEnd())
  if (!ok) console.log(output.replaceAll(/^/gm, '    '))
  if (!ok) process.exitCode = 1
  return ok
}

shareCompiled()
const waiting = checks.values()
async function work(): Promise<void> {
  for (const check of waiting) await passes(check)
}

if (await passes({ name: 'build', args: ['scripts/build.ts'] }))
  await Promise.all(Array.from({ length: availableParallelism() }, work))
