import { parseCdnLoop } from '../../http/cdn-loop.ts'
import { loopId } from '../../signature/master-secret.ts'

/** RFC 8586: a sender that finds its own name in a request knows that it caused the request itself. */
const PSEUDONYM = 'ringback'

/** The header that says which deployment sent a request. Of several master secrets, the first one identifies it. */
export function loopHeader([current = '']: readonly string[]): Readonly<Record<'cdn-loop', string>> {
  return { 'cdn-loop': `${PSEUDONYM}; id=${loopId(current)}` }
}

/** Whether a request with this `CDN-Loop` header comes from a deployment that has one of these master secrets. */
export function isOwnLoop(cdnLoop: string, masterSecrets: readonly string[]): boolean {
  const own = new Set(masterSecrets.map(loopId))
  return parseCdnLoop(cdnLoop).some(({ id, values }) => id === PSEUDONYM && values('id').some(value => own.has(value)))
}
