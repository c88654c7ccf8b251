import type { EndpointValues } from '../../delivery/endpoints/endpoint-store.ts'
import { wordsText } from './words.ts'

/** The columns of what people say of an endpoint. */
export function endpointColumns(endpoint: EndpointValues) {
  const { url, origin, events, channels, details, sealed, ratePerSecond, disabledReason } = endpoint
  return {
    ...{ url, origin, events: wordsText(events), channels: wordsText(channels), details, sealed },
    ...{ rate: ratePerSecond ?? null, disabled_reason: disabledReason ?? null },
  }
}
