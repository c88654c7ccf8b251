import { existsSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'

/** Where the default store is. */
export interface DefaultLocation {
  /** The absolute path of the database file. */
  readonly path: string
  /** The absolute path of the master secret beside it. */
  readonly masterSecretPath: string
  /** Whether the files there are lost at a restart of the machine or container, which deserves a warning. */
  readonly temporary: boolean
}

/** What {@link defaultLocation} depends on. */
export interface DefaultLocationOptions {
  /** The file that the program was started with. */
  readonly entryFile: string | undefined
  /** The value of `RINGBACK_STORE`: a path that replaces the default one, relative to the working directory. */
  readonly configured: string | undefined
  readonly workingDirectory: string
}

/** File systems in memory, or in the layer of a container that is deleted with it (statfs(2)). */
const temporaryTypes = new Set([0x01021994, 0x858458f6, 0x794c7630])

/**
 * `.ringback/deliveries.sqlite` beside the nearest package.json above the entry file, unless another path is
 * configured.
 */
export function defaultLocation({ entryFile, configured, workingDirectory }: DefaultLocationOptions): DefaultLocation {
  const from = entryFile === undefined ? workingDirectory : dirname(resolve(workingDirectory, entryFile))
  const path = configured
    ? resolve(workingDirectory, configured)
    : join(packageFolder(from) ?? workingDirectory, '.ringback', 'deliveries.sqlite')
  return { path, masterSecretPath: join(dirname(path), 'master-secret'), temporary: isTemporary(dirname(path)) }
}

function packageFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}

function isTemporary(folder: string): boolean {
  if (`${folder}${sep}`.startsWith(`${resolve(tmpdir())}${sep}`)) return true
  let existing = folder
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing)
  return temporaryTypes.has(statfsSync(existing).type)
}
