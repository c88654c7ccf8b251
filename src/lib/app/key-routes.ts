import { parsePathTemplate } from '../http/path-template.ts'
import { publicKeySet } from '../signature/public-key-set.ts'
import type { MethodRoute } from './route-table.ts'

/** Receivers cache the keys for this long, so a new key must be published at least this long before it signs alone. */
const keptSeconds = 300

const headers = {
  'content-type': 'application/jwk-set+json',
  'cache-control': `public, max-age=${keptSeconds}`,
  'x-content-type-options': 'nosniff',
  'access-control-allow-origin': '*',
}

/**
 * The route of the JSON Web Key Set (RFC 7517, section 5, at a well-known path of RFC 8615), with which receivers
 * verify `v1a` signatures. The keys are read at each request, since they may have to be created first.
 */
export function keyRoutes(publicKeys: () => readonly string[]): MethodRoute[] {
  const respond = async () => ({ status: 200, headers, body: JSON.stringify(publicKeySet(publicKeys())) })
  return [{ kind: 'page', method: 'GET', template: parsePathTemplate('/.well-known/jwks.json'), respond }]
}
