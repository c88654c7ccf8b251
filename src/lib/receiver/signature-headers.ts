const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const

/** The three headers of a signed message. Svix names them `svix-id` and so on; where ours are there, they count. */
export function signatureHeaders(headers: Headers): Readonly<Record<string, string | undefined>> {
  const prefix = headers.has('webhook-signature') ? 'webhook-' : 'svix-'
  return Object.fromEntries(
    names.map(name => [name, headers.get(prefix + name.slice('webhook-'.length)) ?? undefined] as const),
  )
}
