import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Breach, report } from './breach.ts'
import { examplesOf } from './examples.ts'
import { lockBreaches } from './lock-breaches.ts'
import { linkBreaches, manifestBreaches } from './manifest-breaches.ts'
import { type Packed, packInto } from './packed.ts'
import { root } from './root.ts'
import { runNode, runTool } from './run-tool.ts'

/** Inside of the repository, so that what the package needs is found, and inside of `dist`, so that it is ignored. */
const folder = 'dist/consumer'

/** The compilers, and what a consumer may have said of optional properties. */
const compilers = ['tsc', 'tsc-5.9'] as const
const exactness = [true, false]

const readme = readFileSync(join(root, 'README.md'), 'utf8')

/** README's application and test, and every other entry of the package. */
function writeConsumer({ manifest }: Packed): void {
  for (const { name, code } of examplesOf('README.md', readme)) if (name !== undefined) write(name, code)
  const entries = Object.keys(manifest.exports).map(entry => join('ringback', entry))
  write('entries.ts', entries.map((entry, index) => `export * as e${index} from '${entry}'\n`).join(''))
  write('package.json', JSON.stringify({ type: 'module' }))
}

const write = (name: string, text: string): void => writeFileSync(join(root, folder, name), text)

/** What the compilers say of the declarations, without the DOM library and without leaving any of them out. */
function compileBreaches(): Breach[] {
  return compilers.flatMap(tool =>
    exactness.flatMap(exactOptionalPropertyTypes => {
      const compilerOptions = {
        target: 'es2024',
        lib: ['es2024', 'esnext.disposable'],
        module: 'nodenext',
        types: ['node'],
        strict: true,
        skipLibCheck: false,
        allowImportingTsExtensions: true,
        noEmit: true,
        exactOptionalPropertyTypes,
      }
      write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }))
      const { ok, output } = runTool(tool, ['-p', folder, '--pretty', 'false'])
      const text = `${tool}, exactOptionalPropertyTypes: ${exactOptionalPropertyTypes}: ${output.slice(0, 2000)}`
      return ok ? [] : [{ file: folder, line: 1, text }]
    }),
  )
}

/** Whether every entry resolves, for whoever may import it. */
function typesBreaches({ tarball }: Packed): Breach[] {
  const cli = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const { ok, output } = runNode([cli, tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'])
  return ok ? [] : [{ file: 'package.json', line: 1, text: output.slice(0, 2000) }]
}

rmSync(join(root, folder), { recursive: true, force: true })
mkdirSync(join(root, folder), { recursive: true })
const packed = packInto(join(root, folder))
writeConsumer(packed)
const breaches = [
  ...lockBreaches(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))),
  ...manifestBreaches(packed.manifest),
  ...linkBreaches(readme, packed.files),
  ...compileBreaches(),
  ...typesBreaches(packed),
]
rmSync(join(root, folder), { recursive: true })
report('The package', breaches, `${packed.files.length} files compile without the DOM library, on two compilers`)
