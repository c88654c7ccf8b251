import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alone, fuzz } from './fuzz.ts'

const SEEDS = [1, 2, 3]
const SECONDS = 60

/** Whether each fault under `faults/`, put into a copy of the sources, is found within a minute from each seed. */
export async function prove(root: string): Promise<boolean> {
  const folder = join(import.meta.dirname, 'faults')
  let all = true
  for (const fault of (await readdir(folder)).sort()) {
    const copy = await faultyCopy(root, join(folder, fault))
    try {
      for (const seed of SEEDS) {
        const { cases, found } = await fuzz(copy, seed, SECONDS)
        // What the checkout itself does proves nothing of the fault.
        const own = found && (await alone(root, found.index, found.fuzzed))
        const proved = found !== undefined && own === undefined
        const told = own ? `ONLY WHAT THE CHECKOUT DOES TOO: ${own.reason}` : (found?.reason ?? 'NOT FOUND')
        console.log(`${fault}, seed ${seed}: ${told} (${cases} cases)`)
        if (!proved) all = false
      }
    } finally {
      await rm(copy, { recursive: true })
    }
  }
  return all
}

/** The checkout itself stays as it is. */
async function faultyCopy(root: string, fault: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'ringback-fault-'))
  for (const part of ['src', 'test', 'package.json']) await cp(join(root, part), join(copy, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  execFileSync('git', ['apply', fault], { cwd: copy })
  return copy
}
