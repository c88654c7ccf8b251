import { leastSecretBytes } from '../signature/master-secret.ts'
import { SigningKeyError } from '../signature/signing-key-error.ts'

/**
 * What `RINGBACK_MASTER_SECRET` holds: one secret, or several separated by commas while it is rotated, the current one
 * first. White space around one is none of it: a file's last line break, or the space after a comma, would make another
 * secret.
 */
export function environmentMasterSecrets(): readonly string[] | undefined {
  return process.env['RINGBACK_MASTER_SECRET']?.split(',').map(secret => secret.trim())
}

/** The same; throws `SigningKeyError`, which names the variable, where one of them is none. */
export function usableEnvironmentSecrets(): readonly string[] | undefined {
  const secrets = environmentMasterSecrets()
  if (secrets?.some(secret => Buffer.byteLength(secret) < leastSecretBytes))
    throw new SigningKeyError(
      `RINGBACK_MASTER_SECRET holds a master secret of less than ${leastSecretBytes} bytes; make one with "ringback keys new", or unset it`,
    )
  return secrets
}
