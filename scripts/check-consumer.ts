import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { examplesOf } from './examples.ts'
import { packed, packedFiles, packedText } from './packed.ts'
import { root } from './root.ts'
import { runTool } from './run-tool.ts'

/**
 * Compiles the application and the test of README.md as a reader would: against the package, with only the packages
 * that README.md tells them to install, without the types of browsers, and with the declarations of the package checked
 * as well.
 */
const installed = ['zod', '@types/node', 'undici-types', 'hono', 'ajv', 'undici', 'yaml', 'commander']
const compilers = { 'TypeScript 5.9': 'tsc-5.9', 'TypeScript 7': 'tsc' } as const

const usual = {
  target: 'es2024',
  lib: ['es2024', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  allowImportingTsExtensions: true,
}
const configs = {
  strict: usual,
  exact: { ...usual, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
}

function writeConsumer(folder: string): void {
  const modules = join(folder, 'node_modules')
  const pack = packed()
  for (const file of packedFiles(pack).filter(path => /\.d\.ts$|^package\.json$/.test(path))) {
    const path = join(modules, 'ringback', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, packedText(pack, file))
  }
  for (const name of installed) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const { name, line, code } of examplesOf('README.md', readFileSync(join(root, 'README.md'), 'utf8')))
    writeFileSync(join(folder, name ?? `line-${line}.ts`), code)
  const exports = Object.keys(JSON.parse(packedText(pack, 'package.json')).exports)
    // An optional schema library.
    .filter(name => name !== './typebox')
    .map((name, index) => `export * as part${index} from 'ringback${name.slice(1)}'`)
  writeFileSync(join(folder, 'every-export.ts'), exports.join('\n'))
  for (const [name, compilerOptions] of Object.entries(configs))
    writeFileSync(join(folder, `tsconfig.${name}.json`), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
}

const folder = mkdtempSync(join(tmpdir(), 'ringback-consumer-'))
try {
  writeConsumer(folder)
  const refusals = Object.entries(compilers).flatMap(([title, tool]) =>
    Object.keys(configs).flatMap(name => {
      const { ok, output } = runTool(tool, ['-p', `tsconfig.${name}.json`, '--pretty', 'false'], folder)
      return ok ? [] : [`${title}, ${name}:\n${output}`]
    }),
  )
  for (const refusal of refusals) console.log(refusal)
  if (refusals.length > 0) process.exitCode = 1
  else console.log(`README.md compiles against the package with ${Object.keys(compilers).join(' and ')}`)
} finally {
  rmSync(folder, { recursive: true })
}
