import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'faults')

/** The patches. Each puts one fault into the sources. */
export const faults: readonly string[] = readdirSync(FOLDER)
  .sort()
  .map(name => join(FOLDER, name))

export const faultName = (fault: string): string => basename(fault, '.patch')

/** Puts a fault into the sources at `root`, or only checks that this is possible. Throws where it is not. */
export function applyFault(fault: string, root: string, onlyLook = false): void {
  try {
    execFileSync('git', ['apply', ...(onlyLook ? ['--check'] : []), fault], { cwd: root, stdio: 'pipe' })
  } catch (cause) {
    const place = `test/fuzz/faults/${basename(fault)}`
    throw new Error(
      `The fault "${place}" does not fit the sources any more: put it into them and write its diff anew`,
      {
        cause,
      },
    )
  }
}
