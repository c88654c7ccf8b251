import type { Breach } from './breach.ts'

/** A lock file, as far as it is looked at. */
export interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly resolved?: string; readonly link?: boolean }>
  >
}

/** Packages whose bytes nobody checks, and those that name where they came from. */
export function lockBreaches({ packages }: LockFile): Breach[] {
  return Object.entries(packages)
    .filter(([path, { link }]) => path !== '' && link !== true)
    .flatMap(([path, { integrity, resolved }]) => [
      ...(integrity?.startsWith('sha512-') ? [] : [breach(`"${path}" has no integrity: make the lock file anew`)]),
      ...(resolved === undefined ? [] : [breach(`"${path}" names a registry: see .npmrc`)]),
    ])
}

const breach = (text: string): Breach => ({ file: 'package-lock.json', line: 1, text })
