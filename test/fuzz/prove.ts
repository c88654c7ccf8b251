import { cp, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyFault, faultName, faults } from './faults.ts'
import { alone, fuzz, reasonOf } from './fuzz.ts'
import type { FuzzCase } from './fuzz-case.ts'

const SEEDS = [1, 2, 3]
const SECONDS = 60

/** Whether each fault, put into a copy of the sources, is found within a minute from each seed. */
export async function prove(root: string): Promise<boolean> {
  // A failure of the checkout itself proves nothing about a fault.
  const own = async (fuzzed: FuzzCase) => reasonOf(await alone(root, fuzzed)) !== undefined
  let all = true
  for (const fault of faults) {
    const copy = await copied(root)
    try {
      applyFault(fault, copy)
      for (const seed of SEEDS) {
        const { cases, found } = await fuzz(copy, seed, SECONDS, own)
        console.log(`${faultName(fault)}, seed ${seed}: ${found?.reason ?? 'NOT FOUND'} (${cases} cases)`)
        if (found === undefined) all = false
      }
    } finally {
      await rm(copy, { recursive: true })
    }
  }
  return all
}

/** The checkout itself is not changed. */
async function copied(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'ringback-fault-'))
  for (const part of ['src', 'test', 'package.json']) await cp(join(root, part), join(copy, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}
