/** The name of the runtime where that cannot deliver; undefined where it can. */
export const runtimeWithoutDelivery = (): string | undefined =>
  globalThis.navigator?.userAgent === 'Cloudflare-Workers' ? 'Cloudflare Workers' : undefined
