import { callback, Ringback } from 'ringback'
import { createDestinationPolicy, createGuardedTransport, type DestinationRules } from 'ringback/destination'
import { serve } from 'ringback/node'
import { z } from 'zod'

/** How receivers are asked. */
export interface AskOptions extends Pick<DestinationRules, 'allow'> {
  /** The host name of the sender that asks. */
  readonly sender: string
  /** How long a response is valid, in milliseconds. */
  readonly keepMs?: { readonly yes: number; readonly no: number }
  readonly now?: () => number
}

const MOST_ORIGINS = 10_000
const DAY = 86_400_000

/**
 * A `check` that asks a receiver before its first delivery whether it wants any, as in "HTTP 1.1 Web Hooks for Event
 * Delivery" of CloudEvents: an OPTIONS request with `WebHook-Request-Origin`, and a 2xx response with
 * `WebHook-Allowed-Origin`. A receiver that does not respond so gets nothing, however many of its URLs somebody names.
 *
 * A response is valid for the whole origin. Where many people share one origin, keep it for each URL instead.
 */
export function askReceiver({ sender, allow = [], keepMs = { yes: DAY, no: 600_000 }, now = Date.now }: AskOptions) {
  // A guard of its own, without this check.
  const transport = createGuardedTransport({ policy: createDestinationPolicy({ allow }) })
  const permissions = new Map<string, { readonly agrees: Promise<boolean>; until: number }>()

  async function ask(url: string): Promise<boolean> {
    const headers = { 'webhook-request-origin': sender, 'user-agent': 'Ringback' }
    const request = { method: 'OPTIONS', url, headers, body: undefined }
    const response = await transport.send(request, { timeoutMs: 5_000, responseLimitBytes: 0 })
    const allowed =
      response.headers['webhook-allowed-origin']?.split(',').map(origin => origin.trim().toLowerCase()) ?? []
    return response.status >= 200 && response.status < 300 && (allowed.includes(sender) || allowed.includes('*'))
  }

  const check: NonNullable<DestinationRules['check']> = ({ url }) => {
    const known = permissions.get(url.origin)
    if (known !== undefined && known.until > now()) return known.agrees
    // Everybody shares the question that is on its way, so no origin is asked twice at the same time.
    const agrees = ask(url.href).catch(() => false)
    const permission = { agrees, until: Number.POSITIVE_INFINITY }
    permissions.delete(url.origin)
    if (permissions.size >= MOST_ORIGINS) permissions.delete(permissions.keys().next().value ?? '')
    permissions.set(url.origin, permission)
    void agrees.then(yes => {
      permission.until = now() + (yes ? keepMs.yes : keepMs.no)
    })
    return agrees
  }
  return check
}

const paid = callback.post('{$callback_url}/paid', { body: z.object({ paid: z.boolean() }) })

export const app = new Ringback({
  title: 'Payments',
  version: '1.0.0',
  delivery: { destinations: { check: askReceiver({ sender: 'api.example.com' }) } },
})

app.post(
  '/pay',
  { query: z.object({ callback_url: z.url() }), callbacks: { paid } },
  async function pay({ callbacks }) {
    await callbacks.paid.send({ paid: true })
  },
)

if (import.meta.main) await serve(app)
