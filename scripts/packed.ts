import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPackageFromTarballData, type Package } from '@arethetypeswrong/core'
import { root } from './root.ts'

/** The package as `npm pack` makes it from the current `dist`. */
export function packed(): Package {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-pack-'))
  try {
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
    const { status, stderr } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' })
    const [tarball] = readdirSync(folder)
    if (status !== 0 || tarball === undefined) throw new Error(`npm packs nothing: ${stderr}`)
    return createPackageFromTarballData(readFileSync(join(folder, tarball)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The paths in the package, relative to its folder. */
export function packedFiles(pack: Package): string[] {
  return pack.listFiles().map(file => file.slice(`/node_modules/${pack.packageName}/`.length))
}

export function packedText(pack: Package, path: string): string {
  return pack.readFile(`/node_modules/${pack.packageName}/${path}`)
}

/** The files themselves, each with its path in the package. */
export function packedContents(pack: Package): { name: string; data: string }[] {
  return packedFiles(pack).map(name => ({ name: `package/${name}`, data: packedText(pack, name) }))
}
