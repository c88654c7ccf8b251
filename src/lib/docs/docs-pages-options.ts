/** What *Authorize* of the page begins with, for OAuth 2.0. */
export interface DocsOAuth {
  /** The id under which the page asks for tokens; the reader may give another. */
  readonly clientId?: string
  /** The scopes that are ticked at first. */
  readonly scopes?: readonly string[]
  /** What the page is called there. */
  readonly appName?: string
  readonly realm?: string
  /** Added to the requests for a code and for a token, such as `{ audience: 'https://api.example.com' }`. */
  readonly additionalQueryStringParams?: Readonly<Record<string, string>>
  /** Whether the client's id and secret go by HTTP Basic when a code is exchanged. Default: false. */
  readonly useBasicAuthenticationWithAccessCodeGrant?: boolean
  /** Proof that who asked for a code is who exchanges it (RFC 7636). Default: true. */
  readonly usePkceWithAuthorizationCodeGrant?: boolean
}

/** Whether the panel that sends to a receiver is open at once. */
export type DocsPanel = 'open' | 'closed'

/** What the pages show, and where. */
export interface DocsPagesOptions {
  /** The title of the page. */
  readonly title: string
  /** The path of the page; its files are below it. */
  readonly path: string
  /** The address of the document as seen from the page, so that both work behind any prefix. */
  readonly openapiUrl: string
  /** The origins to which the page may send requests, beside its own; asked for when the page is. */
  readonly reachableOrigins: () => readonly string[]
  /** Options of Swagger UI that JSON can write, laid over ours. */
  readonly swaggerOptions?: Readonly<Record<string, unknown>>
  /** What *Authorize* begins with, laid over ours. */
  readonly oauth?: Readonly<DocsOAuth>
  /** Default: no panel. */
  readonly panel?: DocsPanel
}
