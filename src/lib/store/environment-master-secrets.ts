/**
 * What `RINGBACK_MASTER_SECRET` holds: one secret, or several separated by commas while it is rotated, the current one
 * first. White space around one is none of it: a file's last line break, or the space after a comma, would make another
 * secret.
 */
export function environmentMasterSecrets(): readonly string[] | undefined {
  return process.env['RINGBACK_MASTER_SECRET']?.split(',').map(secret => secret.trim())
}
