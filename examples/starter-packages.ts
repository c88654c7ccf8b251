import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { packed, packedFiles, packedText } from '../scripts/packed.ts'
import { root } from '../scripts/root.ts'

/** Unpacks the package into `node_modules` of a folder, with its dependencies beside it; gives that `node_modules`. */
export function unpackPackage(folder: string): string {
  const modules = join(folder, 'node_modules')
  const pack = packed()
  for (const file of packedFiles(pack)) {
    const path = join(modules, 'ringback', file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, packedText(pack, file))
  }
  chmodSync(join(modules, 'ringback/dist/lib/cli/main.js'), 0o755)
  const { dependencies } = JSON.parse(packedText(pack, 'package.json'))
  for (const name of [...Object.keys(dependencies), 'zod', 'typescript', '@types/node'])
    linkPackage(name, root, modules)
  return modules
}

function linkPackage(name: string, from: string, modules: string): void {
  const target = join(modules, name)
  mkdirSync(dirname(target), { recursive: true })
  symlinkSync(join(from, 'node_modules', name), target)
}

/**
 * A PATH whose `npm ci` links the packages that package.json names, in place of the network; everything else of npm is the
 * real one. Programs find this very Node.
 */
export function linkingPath(folder: string, modules: string): string {
  const path = process.env['PATH'] ?? ''
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(
    join(bin, 'npm'),
    `#!/bin/sh\nif [ "$1" = ci ]; then exec '${process.execPath}' '${import.meta.filename}' '${modules}' "$@"; fi\nPATH='${dirname(process.execPath)}:${path}' exec npm "$@"\n`,
    { mode: 0o755 },
  )
  return [bin, dirname(process.execPath), path].join(delimiter)
}

/** `npm ci`: what package.json names and nothing else, with the commands of each. */
function linkAll(modules: string, args: readonly string[]): void {
  // As npm does, which needs it.
  readFileSync('package-lock.json')
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
  const names = Object.keys({ ...dependencies, ...(args.includes('--omit=dev') ? {} : devDependencies) })
  mkdirSync('node_modules/.bin', { recursive: true })
  for (const name of names) {
    linkPackage(name, dirname(modules), 'node_modules')
    const { bin = {} } = JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8'))
    for (const [command, file] of Object.entries<string>(bin))
      symlinkSync(join('..', name, file), join('node_modules/.bin', command))
  }
}

if (import.meta.main) linkAll(process.argv[2] ?? '', process.argv.slice(3))
