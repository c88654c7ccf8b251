import type { SendableWebhooks } from '../callback/webhook/bind-webhooks.ts'
import type { Clock } from '../clock.ts'
import type { RequestView, Variables } from '../http/request-view.ts'
import type { Log } from '../log/log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { CookieToSet } from '../operation/response-parts.ts'
import type { AppRuntime } from './app-runtime.ts'
import { cookieLine, respond } from './respond.ts'
import { sentPart } from './sent-part.ts'

/** The parts of the handler's argument that belong to one operation and request. */
export interface ContextValues {
  readonly [name: string]: unknown
}

/** The part of the argument that is the same for handlers and dependencies. */
export class RequestContext {
  readonly log: Log
  readonly app: AnyApp
  readonly respond = respond
  /** For our own dependencies (security schemes), which need no web `Request`. */
  readonly '~view': RequestView
  // The parts of the operation. They are declared here so that every context has one hidden class.
  params: unknown = undefined
  query: unknown = undefined
  headers: unknown = undefined
  cookies: unknown = undefined
  body: unknown = undefined
  callbacks: unknown = undefined
  /** Binds the webhooks of the operation. */
  '~bindWebhooks': (() => SendableWebhooks) | undefined = undefined
  /** The body as it came. */
  '~raw': unknown = undefined
  /** The value of the app's `delivery.recipient`; handlers do not see it. */
  '~recipient': unknown = undefined
  readonly #runtime: AppRuntime
  /** The first context of the request, which keeps what all of them share. */
  readonly #first: RequestContext
  #responseHeaders: Headers | undefined
  #streamEnd: AbortController | undefined

  constructor(view: RequestView, runtime: AppRuntime, first?: RequestContext) {
    this['~view'] = view
    this.#first = first ?? this
    this.#runtime = runtime
    this.app = runtime.app
    this.log = runtime.log
  }

  /** The webhooks of the operation, bound when they are asked for. */
  get webhooks(): SendableWebhooks {
    return this['~bindWebhooks']?.() ?? NO_WEBHOOKS
  }

  /** What the client sent of the body, found when it is asked for. */
  get sent(): unknown {
    return sentPart(this.body, this['~raw'])
  }

  /** The web `Request`, made when it is asked for. */
  get request(): Request {
    return this['~view'].request
  }

  get clientAddress(): string | undefined {
    return this['~view'].clientAddress
  }

  get requestId(): string {
    return this['~view'].requestId
  }

  /** For our own dependencies, whose values expire. */
  get '~clock'(): Clock {
    return this.#runtime.delivery.clock
  }

  /** For operations of our own. */
  get '~runtime'(): AppRuntime {
    return this.#runtime
  }

  get var(): Variables {
    return this['~view'].variables
  }

  get signal(): AbortSignal {
    const { signal } = this['~view']
    const end = this.#first.#streamEnd
    return end === undefined ? signal : AbortSignal.any([signal, end.signal])
  }

  /** Makes `signal` one that a stream which ends early can abort, whoever ends it. */
  '~endsWithStream'(): AbortController {
    this.#first.#streamEnd ??= new AbortController()
    return this.#first.#streamEnd
  }

  get background(): (fn: () => void | Promise<void>) => void {
    return fn => this.#runtime.tasks.add(fn, this['~view'])
  }

  /** Headers for the response, made when they are asked for. */
  get responseHeaders(): Headers {
    this.#first.#responseHeaders ??= new Headers()
    return this.#first.#responseHeaders
  }

  get setCookie(): (name: string, cookie: CookieToSet) => void {
    return (name, cookie) => this.responseHeaders.append('set-cookie', cookieLine(name, cookie))
  }

  /** The headers that were set, if any were. */
  get '~prepared'(): Headers | undefined {
    return this.#first.#responseHeaders
  }

  /** The same context with further values. */
  with(values: ContextValues): RequestContext {
    const context = new RequestContext(this['~view'], this.#runtime, this.#first)
    return Object.assign(context, values)
  }
}

const NO_WEBHOOKS: SendableWebhooks = Object.freeze({})
