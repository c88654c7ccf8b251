import { RequestValidationError } from '../../request/errors/request-validation-error.ts'
import { decryptAtRest, encryptAtRest } from '../../signature/at-rest.ts'
import { AtRestError } from '../../signature/at-rest-error.ts'
import { sessionKey } from '../../signature/master-secret.ts'

/** Which list a cursor continues: its name, whose it is, and where it stands. */
export type ListPlace = readonly string[]

/**
 * The cursors of lists as clients get them. A store's own counts the rows of all owners; sealed, it tells nothing, and goes
 * on with no other list and for nobody else.
 */
export class SealedCursor {
  readonly #keys: readonly Uint8Array[]
  readonly #place: string

  constructor(masterSecret: string, place: ListPlace) {
    this.#keys = [sessionKey(masterSecret, 'a cursor of endpointRoutes')]
    this.#place = JSON.stringify(place)
  }

  seal(cursor: string | null | undefined): string | null {
    if (cursor === null || cursor === undefined) return null
    const plain = Buffer.from(JSON.stringify([this.#place, cursor]))
    return Buffer.from(encryptAtRest(this.#keys, plain)).toString('base64url')
  }

  /** The store's cursor, as a part of a query. Throws a `RequestValidationError` for one that we did not seal. */
  open(sealed: string | undefined): { readonly cursor?: string } {
    if (sealed === undefined) return {}
    const cursor = this.#opened(sealed)
    if (cursor !== undefined) return { cursor }
    const detail = 'It is not the "nextCursor" of this list: begin again without it'
    throw new RequestValidationError([{ in: 'query', pointer: '#/cursor', code: 'invalid', detail, value: sealed }])
  }

  #opened(sealed: string): string | undefined {
    try {
      const plain = decryptAtRest(this.#keys, Buffer.from(sealed, 'base64url'))
      const [place, cursor] = JSON.parse(Buffer.from(plain).toString()) as readonly [string, string]
      return place === this.#place ? cursor : undefined
    } catch (error) {
      if (error instanceof AtRestError) return undefined
      throw error
    }
  }
}
