import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is said of the package in what is published. */
export interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
}

/** The package as it is published. */
export interface Packed {
  readonly tarball: string
  readonly manifest: Manifest
  /** The paths of its files. */
  readonly files: readonly string[]
}

/** Packs what is built, and puts it where a program in `folder` finds it as an installed package. */
export function packInto(folder: string): Packed {
  const printed = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder])
  const { filename, files } = entryOf(JSON.parse(printed))
  const tarball = join(folder, filename)
  const installed = join(folder, 'node_modules/ringback')
  run('mkdir', ['-p', installed])
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed])
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Manifest
  return { tarball, manifest, files: files.map(({ path }) => path) }
}

interface PackEntry {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Some versions of npm print a list, others an object by name. */
const entryOf = (printed: unknown): PackEntry => Object.values(printed as object)[0] as PackEntry

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`"${program} ${args.join(' ')}" failed: ${stderr}`)
  return stdout
}
