import { globSync } from 'node:fs'
import { root } from './root.ts'
import { runNode, runTool, type ToolResult } from './run-tool.ts'

/** Everything that needs no run of the product, in the order in which one depends on another. */
const checks: readonly { name: string; run: () => ToolResult }[] = [
  { name: 'build', run: () => runNode(['scripts/build.ts']) },
  { name: 'tsc', run: () => runTool('tsc', ['-p', 'tsconfig.json', '--noEmit']) },
  { name: 'biome', run: () => runTool('biome', ['ci', '--diagnostic-level=error', '--colors=off', '.']) },
  {
    name: 'scripts',
    run: () => runNode(['--test', '--test-reporter=dot', ...globSync('scripts/**/*.test.ts', { cwd: root })]),
  },
  ...[
    'check-layers',
    'check-sizes',
    'check-patterns',
    'check-types',
    'check-docs',
    'check-package',
    'check-consumer',
    'type-budget',
  ].map(name => ({
    name,
    run: () => runNode([`scripts/${name}.ts`]),
  })),
]

const results = checks.map(({ name, run }) => {
  const started = performance.now()
  const { ok, output } = run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const summary = ok && name.includes('-') ? (output.split('\n').at(-1) ?? '') : ''
  console.log(`${ok ? '✓' : '✗'} ${name.padEnd(12)} ${seconds.padStart(5)} s  ${summary}`.trimEnd())
  if (!ok) console.log(output.replaceAll(/^/gm, '    '))
  return ok
})
if (results.includes(false)) process.exitCode = 1
