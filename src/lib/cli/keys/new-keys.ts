import { generateKeyPair, generateSecret } from '../../signature/generate.ts'
import { printJson, printLines } from '../terminal.ts'

/** What `ringback keys new` takes. */
export interface NewKeysOptions {
  readonly ed25519?: boolean
  readonly json?: boolean
}

/** `ringback keys new` */
export function newKeys({ ed25519 = false, json = false }: NewKeysOptions): void {
  const keys = ed25519 ? generateKeyPair() : { masterSecret: generateSecret() }
  if (json) printJson(keys)
  else if ('masterSecret' in keys) printLines([keys.masterSecret])
  else printLines([`privateKey  ${keys.privateKey}`, `publicKey   ${keys.publicKey}`])
}
