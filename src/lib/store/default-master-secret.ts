import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { generateSecret } from '../signature/generate.ts'
import { refuseIrregular } from './refuse-irregular.ts'
import { makeStoreFolder } from './store-folder.ts'

/**
 * The master secret in the file at `path`, made at the first use. It appears complete or not at all, readable by its
 * owner only, and whoever comes second of two processes takes what the first one made. Throws `StoreUnavailableError` where
 * something else than a file is there.
 */
export function defaultMasterSecret(path: string): string {
  refuseIrregular(path)
  return read(path) ?? make(path)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

function make(path: string): string {
  makeStoreFolder(dirname(path))
  const secret = generateSecret()
  const draft = `${path}.${process.pid}.${secret.slice(6, 14).replace(/[^A-Za-z0-9]/g, '')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, `${secret}\n`)
    fsyncSync(file)
    linkSync(draft, path)
    return secret
  } catch (error) {
    if (isCode(error, 'EEXIST')) return readFileSync(path, 'utf8').trim()
    throw error
  } finally {
    closeSync(file)
    unlinkSync(draft)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
