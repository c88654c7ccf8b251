import { BodyBytes } from '../../http/body/body-bytes.ts'
import { webBodySource } from '../../http/body/body-source.ts'
import { decodeJson } from '../../json/decode-json.ts'
import type { Ed25519Jwk } from '../../signature/ed25519-key.ts'

const timeoutMs = 5_000
const limitBytes = 65_536
const mostKeys = 100

/** Keys, and how long their address says that they hold. */
export interface FetchedKeys {
  readonly keys: readonly Ed25519Jwk[]
  readonly maxAgeMs: number | undefined
}

/** Fetches a JSON Web Key Set (RFC 7517, section 5) and gives its Ed25519 keys. Throws where it has none. */
export async function fetchKeys(url: string, fetch: typeof globalThis.fetch): Promise<FetchedKeys> {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new Error(`The address of the public keys responded with ${response.status}`)
  }
  const keys = keysIn(decodeJson(await bytesOf(response.body)))
  if (keys.length === 0) throw new Error('The address of the public keys has no Ed25519 key')
  return { keys, maxAgeMs: maxAgeMs(response.headers.get('cache-control') ?? '') }
}

async function bytesOf(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const source = webBodySource(body)
  const bytes = new BodyBytes(limitBytes)
  try {
    for (let chunk = await source.read(); chunk !== undefined; chunk = await source.read()) bytes.add(chunk)
  } catch (error) {
    source.drop()
    throw error
  }
  return bytes.taken()
}

/** Keys of another kind, or for another use, stand there rightly. */
function keysIn(set: unknown): Ed25519Jwk[] {
  const { keys } = (set ?? {}) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) throw new Error('The address of the public keys has no JSON Web Key Set')
  return keys.filter(isOurs).slice(0, mostKeys)
}

function isOurs(key: unknown): key is Ed25519Jwk {
  const { kty, crv, x, use = 'sig' } = (key ?? {}) as Record<string, unknown>
  // 32 bytes: anything else would be refused as a mistake of configuration.
  return kty === 'OKP' && crv === 'Ed25519' && use === 'sig' && typeof x === 'string' && /^[\w-]{43}=?$/.test(x)
}

function maxAgeMs(cacheControl: string): number | undefined {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0
  const seconds = /\bmax-age=(\d{1,10})\b/i.exec(cacheControl)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1_000
}
