/**
 * What a page may load: only what its own host serves, and pictures that stand in a style sheet itself; and where it may
 * send requests beside its own host.
 */
export function pagePolicy(origins: readonly string[] = []): string {
  const connect = origins.length === 0 ? '' : ` connect-src ${["'self'", ...origins].join(' ')};`
  return `default-src 'self'; img-src 'self' data:;${connect} frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'`
}
