import { parseCdnLoop } from '../http/cdn-loop.ts'
import { loopId } from '../signature/master-secret.ts'

/** RFC 8586: a sender that meets its own name in a request knows that it has caused the request itself. */
const PSEUDONYM = 'ringback'

/** The header that says from which deployment a request comes: of several master secrets the first names it. */
export function loopHeader([current = '']: readonly string[]): Readonly<Record<'cdn-loop', string>> {
  return { 'cdn-loop': `${PSEUDONYM}; id=${loopId(current)}` }
}

/** Whether a request with this `CDN-Loop` header comes from whoever has one of these master secrets. */
export function isOwnLoop(cdnLoop: string, masterSecrets: readonly string[]): boolean {
  const own = new Set(masterSecrets.map(loopId))
  return parseCdnLoop(cdnLoop).some(({ id, values }) => id === PSEUDONYM && values('id').some(value => own.has(value)))
}
