import { readFileSync } from 'node:fs'
import { lib } from '../location.ts'

/** The version of this package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', lib()), 'utf8')).version
}
