/** The response that `onResponse` gets. */
export interface DeliveryResponse {
  readonly status: number
  /** Names are in lower case; values of credential headers are masked. */
  readonly headers: Readonly<Record<string, string>>
  /** At most 64 KiB. */
  readonly body: Uint8Array
  readonly bodyTruncated: boolean
  /** Whether the response is one of the declared ones; undefined if that could not be checked. */
  readonly valid: boolean | undefined
}

/** The delivery whose response `onResponse` gets. */
export interface RespondedDelivery {
  readonly id: string
  readonly operation: string
  readonly callback: string
  readonly method: string
  readonly url: string
  /** The endpoint of a webhook's delivery, and whose it is; undefined for a callback's. */
  readonly endpoint?: string | undefined
  readonly owner?: string | undefined
}

/** Called with each response to a delivery that asked for it, at least once, apart from the attempt. */
export type OnResponse = (response: DeliveryResponse, delivery: RespondedDelivery) => void | Promise<void>
