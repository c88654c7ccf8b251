import { readFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { DocumentError } from '../../document/reading/document-error.ts'
import { readRemote } from '../../document/reading/read-remote.ts'
import type { Ed25519Jwk } from '../../signature/ed25519-key.ts'
import { type VerifiedMessage, verify } from '../../signature/verify.ts'
import { CommandError } from '../command-error.ts'
import { testSecret } from './test-secret.ts'

/** How a command knows whether a request is genuine. */
export interface VerifierOptions {
  /** Secrets of `v1`. */
  readonly secret?: readonly string[]
  /** A key set: a URL or a file. */
  readonly keys?: string
  readonly audience?: string
  readonly recipient?: string
  /** In seconds. */
  readonly tolerance?: number
  /** `false` with --no-verify. */
  readonly verify?: boolean
}

/** Gives what a genuine request says of itself, undefined where nothing is verified; throws `SignatureError`. */
export type Verifier = (headers: IncomingHttpHeaders, body: Uint8Array, now: number) => VerifiedMessage | undefined

const mostKeyBytes = 64 * 1024
const keysTimeoutMs = 10_000

export async function createVerifier(options: VerifierOptions): Promise<Verifier> {
  if (options.verify === false) return () => undefined
  const publicKeys = options.keys === undefined ? [] : await readKeys(options.keys)
  const given = options.secret ?? []
  const secrets = given.length + publicKeys.length === 0 ? [testSecret] : given
  const { audience, recipient, tolerance: toleranceSeconds } = options
  if (recipient !== undefined && audience === undefined)
    throw new CommandError('--recipient is checked together with --audience: give the base URL as well')
  const rules = { secrets, publicKeys, audience, recipient, toleranceSeconds }
  // A key that cannot be used is told now, and not with the first request.
  return (headers, body, now) => verify({ headers, body }, { ...rules, now })
}

async function readKeys(location: string): Promise<readonly Ed25519Jwk[]> {
  try {
    const set = JSON.parse(Buffer.from(await bytesAt(location)).toString())
    if (Array.isArray(set?.keys)) return set.keys
  } catch (error) {
    const reason = error instanceof DocumentError ? error.message : (error as Error).message
    throw new CommandError(`The keys at "${location}" cannot be read: ${reason}`)
  }
  throw new CommandError(`The keys at "${location}" cannot be read: It is not a JSON Web Key Set, which has "keys"`)
}

async function bytesAt(location: string): Promise<Uint8Array> {
  if (!/^https?:\/\//i.test(location)) return readFile(location)
  const bounds = { mostBytes: mostKeyBytes, timeoutMs: keysTimeoutMs, allows: () => true }
  return (await readRemote(new URL(location), bounds)).bytes
}
