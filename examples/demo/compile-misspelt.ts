import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { Failure } from './failure.ts'

/** A program with one letter missing, and what the TypeScript compiler says about it. */
export interface Misspelt {
  /** The line that was changed. */
  readonly line: string
  readonly lineNumber: number
  /** `invoices.ts:27:5 - error TS2322` */
  readonly place: string
  /** The last line of the message, which is the most precise one. */
  readonly reason: string
  /** The line of the program that the compiler prints, and its marks under it. */
  readonly frame: readonly string[]
}

const right = '{$callback_url}'
const wrong = '{$callbak_url}'

/** Compiles a copy of `examples/invoices.ts`, made in `folder`, in which one name is misspelt. */
export async function compileMisspelt(root: string, folder: string, signal: AbortSignal): Promise<Misspelt> {
  const program = (await readFile(join(root, 'examples/invoices.ts'), 'utf8')).replace(right, wrong)
  const lines = program.split('\n')
  const index = lines.findIndex(line => line.includes(wrong))
  if (index === -1) throw new Failure(`examples/invoices.ts has no ${right} to misspell`)
  await mkdir(folder)
  await writeFile(join(folder, 'invoices.ts'), program)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(compilerConfig(root)))
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const child = spawn(process.execPath, [compiler, '-p', folder, '--pretty'], { cwd: folder, signal })
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  return { line: lines[index]?.trim() ?? '', lineNumber: index + 1, ...readMessage(stripVTControlCharacters(output)) }
}

/** The compiler of this repository. The folder is elsewhere, so the compiler is told where the packages are. */
const compilerConfig = (root: string) => ({
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    paths: {
      ringback: [join(root, 'dist/index.d.ts')],
      'ringback/*': [join(root, 'dist/*.d.ts')],
      zod: [join(root, 'node_modules/zod/index.d.ts')],
    },
    typeRoots: [join(root, 'node_modules/@types')],
  },
  include: ['invoices.ts'],
  exclude: [],
})

/** Reads the one message: its place, lines of explanation, an empty line, the line of the program, the marks. */
function readMessage(output: string): Pick<Misspelt, 'place' | 'reason' | 'frame'> {
  const [message = '', frame = ''] = output.split('\n\n')
  const [, place] = /^(\S+:\d+:\d+ - error TS\d+): /.exec(message) ?? []
  const reason = message.split('\n').at(-1)?.trim() ?? ''
  if (place === undefined || !output.includes('Found 1 error') || !reason.includes('callbak_url'))
    throw new Failure(`The compiler did not say the one thing it should have said: ${output || 'it said nothing'}`)
  return { place, reason, frame: frame.split('\n') }
}
