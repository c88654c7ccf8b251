import { CallbackUnreachableError } from '../destination/transport/callback-unreachable-error.ts'
import type {
  IncomingResponse,
  OutgoingRequest,
  Transport,
  TransportOptions,
} from '../destination/transport/transport.ts'

/** Stands in for an external API: a web handler. */
export type ExternalApi = (request: Request) => Response | Promise<Response>

/** The external APIs of a test by their origins. Nothing else can be reached, and nothing leaves the process. */
export class ExternalApis implements Transport {
  readonly #apis = new Map<string, ExternalApi>()

  /** Puts a handler at the origin of a URL; gives back what removes it. */
  add(url: string, api: ExternalApi): () => void {
    const { origin } = new URL(url)
    this.#apis.set(origin, api)
    return () => {
      if (this.#apis.get(origin) === api) this.#apis.delete(origin)
    }
  }

  async send({ method, url, headers, body }: OutgoingRequest, options: TransportOptions): Promise<IncomingResponse> {
    options.beforeConnect?.()
    const { origin } = new URL(url)
    const api = this.#apis.get(origin)
    if (api === undefined)
      throw new CallbackUnreachableError(origin, 'dns', { because: `no externalApi stands in for ${origin}` })
    const request = new Request(url, { method, headers, ...(body !== undefined && { body: new Uint8Array(body) }) })
    const response = await api(request)
    const bytes = new Uint8Array(await response.arrayBuffer())
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: bytes.subarray(0, options.responseLimitBytes),
      bodyTruncated: bytes.byteLength > options.responseLimitBytes,
      address: undefined,
    }
  }

  async close(): Promise<void> {
    this.#apis.clear()
  }
}
