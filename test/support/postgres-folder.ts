import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for the data of a server. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'ringback-postgres-'))
}

/** The same data in another one. */
export function copyFolder(from: string): string {
  const folder = newFolder()
  cpSync(from, folder, { recursive: true, preserveTimestamps: true })
  takeOwners(from, folder)
  return folder
}

/** A copy belongs to whoever made it, and the server wants its own user. */
function takeOwners(from: string, to: string): void {
  const { uid, gid, mode } = statSync(from)
  if (process.getuid?.() !== 0) return
  for (const name of ['', ...readdirSync(to, { recursive: true, encoding: 'utf8' })])
    chownSync(join(to, name), uid, gid)
  chmodSync(to, mode)
}
