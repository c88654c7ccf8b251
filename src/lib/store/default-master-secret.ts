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

/** The callbacks of {@link defaultMasterSecret}. */
export interface SecretHooks {
  readonly beforeMaking?: () => void
  readonly warn?: (message: string) => void
}

/**
 * The master secret in the file at `path`, which is made at the first use. The file appears complete or not at all, and
 * only its owner can read it. If two processes make it at the same time, the second one takes what the first has made.
 * `beforeMaking` may refuse to make one. Throws what {@link readMasterSecret} throws.
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
 * The master secret in the file at `path`, if there is one. Throws `StoreUnavailableError` if something other than a
 * file is there, or if others could have put it there, and `SigningKeyError` if the file holds no secret.
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

/**
 * A secret that is too short was cut: the error names its file, because the usual advice to make a new one would be
 * wrong.
 */
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
