import { sign } from '../../signature/sign.ts'
import type { DeliverySigner } from '../keys/delivery-signer.ts'
import { type EndpointSecrets, signingSecrets } from './sealed-endpoint.ts'

/** What is signed for an endpoint. */
export interface EndpointRequest {
  readonly webhookId: string
  readonly body: Uint8Array | undefined
  /** Epoch milliseconds. */
  readonly now: number
}

const noBytes = new Uint8Array()
const parts = ['id', 'timestamp', 'signature'] as const

/** The endpoint's own headers and its signature, by the secrets that sign now; and these secrets. */
export function endpointHeaders(
  { privateKeys }: Pick<DeliverySigner, 'privateKeys'>,
  { secrets, headers, headerPrefixes }: EndpointSecrets,
  { webhookId: id, body = noBytes, now }: EndpointRequest,
): { readonly headers: Record<string, string>; readonly secrets: readonly string[] } {
  const timestamp = Math.floor(now / 1_000)
  const signing = signingSecrets(secrets, now).map(({ secret }) => secret)
  const signature = sign({ id, timestamp, body, secrets: signing, privateKeys })
  const values = { id, timestamp: String(timestamp), signature }
  const signed = ['webhook', ...headerPrefixes].flatMap(prefix =>
    parts.map(part => [`${prefix}-${part}`, values[part]] as const),
  )
  return { headers: { ...headers, ...Object.fromEntries(signed) }, secrets: signing }
}
