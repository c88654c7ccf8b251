import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'faults')

/** The patches that each put a fault into the sources. */
export const faults: readonly string[] = readdirSync(FOLDER)
  .sort()
  .map(name => join(FOLDER, name))

export const faultName = (fault: string): string => basename(fault, '.patch')

/** Puts a fault into the sources at `root`, or only looks whether that can be done. Throws where it cannot. */
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
