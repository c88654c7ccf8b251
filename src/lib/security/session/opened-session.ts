import type { Clock } from '../../clock.ts'
import type { RequestView } from '../../http/request-view.ts'
import type { ResponseParts } from '../../operation/response-parts.ts'
import type { Validated } from '../../schema/issue.ts'
import { validationErrors } from '../../schema/validation-error.ts'
import type { CheckedSessionOptions } from './session-options.ts'
import type { SessionSeal } from './session-seal.ts'

/** What a session needs of the context of a request. */
export interface SessionContext extends ResponseParts {
  readonly '~view': RequestView
  readonly '~clock': Clock
}

/** What the sessions of one cookie have in common. */
export interface SessionKind extends Pick<CheckedSessionOptions, 'cookieName' | 'attributes'> {
  readonly seal: SessionSeal
  check(value: unknown): Validated
}

/** Browsers drop a cookie whose name and value are longer than this. */
const MOST_BYTES = 4_096

/** The session of one request. */
export class OpenedSession {
  readonly #kind: SessionKind
  readonly #context: SessionContext
  #value: unknown

  /** `sealed` is the cookie as it was sent. One that we cannot read, or that no longer fits the schema, is none. */
  constructor(kind: SessionKind, context: SessionContext, sealed: string | undefined) {
    this.#kind = kind
    this.#context = context
    const opened = sealed === undefined ? undefined : kind.seal.open(sealed, context['~clock'].now())
    const checked = opened && kind.check(opened.value)
    this.#value = checked?.issues === undefined ? checked?.value : undefined
  }

  get value(): unknown {
    return this.#value
  }

  set(value: unknown): void {
    const { seal, attributes, cookieName } = this.#kind
    // What is read later is what JSON makes of it.
    const checked = this.#kind.check(JSON.parse(JSON.stringify(value ?? null)))
    if (checked.issues !== undefined) {
      const [first] = validationErrors('body', checked.issues)
      throw new TypeError(
        `The session "${cookieName}" cannot hold this value, at "${first?.pointer}": ${first?.detail}`,
      )
    }
    const sealed = seal.seal(value, this.#context['~clock'].now() + attributes.maxAgeSeconds * 1_000)
    if (cookieName.length + sealed.length > MOST_BYTES)
      throw new RangeError(
        `The session "${cookieName}" would take ${sealed.length} bytes, and browsers keep cookies of up to ${MOST_BYTES}: keep an id in it, and the rest in a database`,
      )
    this.#value = checked.value
    this.#replace({ ...attributes, value: sealed })
  }

  clear(): void {
    this.#value = undefined
    this.#replace({ ...this.#kind.attributes, value: '', maxAgeSeconds: 0 })
  }

  /** One response sets a cookie once (RFC 6265, section 4.1.1). */
  #replace(cookie: SessionKind['attributes']): void {
    const { responseHeaders } = this.#context
    const others = responseHeaders.getSetCookie().filter(line => !line.startsWith(`${this.#kind.cookieName}=`))
    responseHeaders.delete('set-cookie')
    for (const line of others) responseHeaders.append('set-cookie', line)
    this.#context.setCookie(this.#kind.cookieName, cookie)
  }
}
