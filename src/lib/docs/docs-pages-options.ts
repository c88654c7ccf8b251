/** What the pages show, and where. */
export interface DocsPagesOptions {
  /** The title of the page. */
  readonly title: string
  /** The path of the page; its files are below it. */
  readonly path: string
  /** The address of the document as seen from the page, so that both work behind any prefix. */
  readonly openapiUrl: string
  /** The origins to which the page may send what is tried out, beside its own; asked for when the page is. */
  readonly serverOrigins: () => readonly string[]
  /** Options of Swagger UI that JSON can write, laid over ours. */
  readonly swaggerOptions?: Readonly<Record<string, unknown>>
}
