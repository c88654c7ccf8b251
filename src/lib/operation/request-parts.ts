/** What handlers and dependencies may know of a request beside what it declares. */
export interface RequestParts {
  /**
   * The address at the other end of the connection, IPv4 or IPv6; behind a proxy that of the proxy, whatever its headers
   * say. Undefined where there is no such connection: in `app.fetch` without a server's `env`, over a Unix socket, and once
   * the client has gone away.
   */
  readonly clientAddress: string | undefined
  /** What Hono middleware has set with `c.set`; whoever wants a type writes a dependency that reads it. */
  readonly var: Readonly<Record<string, unknown>>
}
