import { closeSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { generateSecret } from '../signature/generate.ts'
import { leastSecretBytes } from '../signature/master-secret.ts'
import { SigningKeyError } from '../signature/signing-key-error.ts'
import { linkedPath } from './files/linked-path.ts'
import { readableFile } from './files/path-faults.ts'
import { refuseIrregular } from './files/refuse-irregular.ts'
import { refuseWritableSecret } from './files/refuse-writable.ts'
import { makeStoreFolder } from './files/store-folder.ts'

/** What {@link defaultMasterSecret} asks and tells. */
export interface SecretHooks {
  readonly beforeMaking?: () => void
  readonly warn?: (message: string) => void
}

/**
 * The master secret in the file at `path`, made at the first use. It appears complete or not at all, readable by its
 * owner only, and whoever comes second of two processes takes what the first one made. `beforeMaking` may refuse that. Throws
 * what {@link readMasterSecret} does.
 */
export function defaultMasterSecret(
  path: string,
  { beforeMaking = () => {}, warn = () => {} }: SecretHooks = {},
): string {
  const secret = readMasterSecret(path, warn)
  if (secret !== undefined) return secret
  beforeMaking()
  return make(path)
}

/**
 * The master secret in the file at `path`, where there is one. Throws `StoreUnavailableError` where something else than a
 * file is there, or others could have put it there, and `SigningKeyError` where the file holds none.
 */
export function readMasterSecret(path: string, warn: (message: string) => void): string | undefined {
  refuseIrregular(path)
  refuseWritableSecret(path)
  try {
    const secret = checkedSecret(readFileSync(path, 'utf8').trim(), path)
    for (const { words, remedy } of readableFile(linkedPath(path)))
      warn(`The master secret ${words}; unless all of them may sign as you do, fix it with: ${remedy}`)
    return secret
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined
    throw error
  }
}

/** One that was cut is said to be where it is: the advice to make a new one would be wrong. */
function checkedSecret(secret: string, path: string): string {
  if (Buffer.byteLength(secret) >= leastSecretBytes) return secret
  throw new SigningKeyError(
    `The file "${path}" contains no master secret: it has fewer than ${leastSecretBytes} bytes; restore it from a backup or, if the store is new, remove it`,
  )
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
    if (isCode(error, 'EEXIST')) return checkedSecret(readFileSync(path, 'utf8').trim(), path)
    throw error
  } finally {
    closeSync(file)
    unlinkSync(draft)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
