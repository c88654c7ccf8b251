/** What handlers and dependencies can read of a request beside its declared parts. */
export interface RequestParts {
  /**
   * The address at the other end of the connection, IPv4 or IPv6. Behind a proxy it is the address of the proxy,
   * whatever the headers say. Undefined where there is no such connection: in `app.fetch` without a server's `env`,
   * over a Unix socket, and once the client has gone away.
   */
  readonly clientAddress: string | undefined
  /**
   * What the request is called in logs and in problems: the id of Hono's `requestId()`, the `x-request-id` of a trusted
   * proxy (`trustedProxies`), or else a new one. An id has up to 128 letters, digits, `_`, `-`, `.` and `=`.
   */
  readonly requestId: string
  /** What Hono middleware has set with `c.set`. To give a value its type, write a dependency that reads it. */
  readonly var: Readonly<Record<string, unknown>>
}
