import { decryptAtRest, encryptAtRest } from '../../signature/at-rest.ts'
import { AtRestError } from '../../signature/at-rest-error.ts'
import { sessionKey } from '../../signature/master-secret.ts'

/**
 * Seals values into cookies, with their expiry inside: a browser's `Max-Age` binds nobody who has copied a cookie. Each
 * cookie's name has keys of its own, so that one cannot be sent as another.
 */
export class SessionSeal {
  readonly #keys: readonly Uint8Array[]

  constructor(secrets: readonly string[], cookieName: string) {
    this.#keys = secrets.map(secret => sessionKey(secret, cookieName))
  }

  /** `expiresAt` in epoch milliseconds. */
  seal(value: unknown, expiresAt: number): string {
    const plain = Buffer.from(JSON.stringify([expiresAt, value]))
    return Buffer.from(encryptAtRest(this.#keys, plain)).toString('base64url')
  }

  /** Undefined for what we did not seal, and for what has expired. */
  open(sealed: string, now: number): { readonly value: unknown } | undefined {
    try {
      const plain = decryptAtRest(this.#keys, Buffer.from(sealed, 'base64url'))
      const [expiresAt, value] = JSON.parse(Buffer.from(plain).toString()) as [number, unknown]
      return now < expiresAt ? { value } : undefined
    } catch (error) {
      if (error instanceof AtRestError) return undefined
      throw error
    }
  }
}
