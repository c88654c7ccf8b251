import { atRestKey } from '../signature/master-secret.ts'
import { SigningKeyError } from '../signature/signing-key-error.ts'

/**
 * The secrets in `RINGBACK_MASTER_SECRET`: one, or several separated by commas during a rotation, the current one
 * first. White space around a secret is removed: a line break from a file, or a space after a comma, would make another
 * secret of it.
 */
export function environmentMasterSecrets(): readonly string[] | undefined {
  return process.env['RINGBACK_MASTER_SECRET']?.split(',').map(secret => secret.trim())
}

/**
 * The same for a process that signs with them. Throws a `SigningKeyError` that names the variable if one cannot be
 * used.
 */
export function usableEnvironmentSecrets(): readonly string[] | undefined {
  const secrets = environmentMasterSecrets()
  for (const [index, secret] of (secrets ?? []).entries()) {
    const fault = faultOf(secret)
    if (fault === undefined) continue
    const which = secrets?.length === 1 ? '' : `, number ${index + 1} of its list,`
    throw new SigningKeyError(
      `The environment variable RINGBACK_MASTER_SECRET${which} ${fault}: set it to what "ringback keys new" prints, or unset it`,
    )
  }
  return secrets
}

function faultOf(secret: string): string | undefined {
  if (secret === '') return 'is empty'
  try {
    atRestKey(secret)
    return undefined
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error
    return 'is too short for a master secret'
  }
}
