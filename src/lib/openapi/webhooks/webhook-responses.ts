import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'
import type { Components } from '../components.ts'
import { finalResponses } from '../create-callbacks.ts'
import { ACKNOWLEDGED } from '../create-response.ts'
import type { OperationObject } from '../objects/operation-object.ts'
import type { ResponseObject } from '../objects/response-object.ts'

type Responses = NonNullable<OperationObject['responses']>

/** The responses that a webhook declares, and what any other means for its endpoint. */
export function webhookResponses(webhook: CompiledWebhook, declared: Responses, components: Components): Responses {
  const final = components.receiving.finalStatuses(webhook)
  const isFinal = (status: string) => final.includes(status) || final.includes(`${status[0]}XX`)
  const later = ['429', '503'].filter(status => !isFinal(status))
  return {
    // Then only what is declared acknowledges
    ...(webhook.options.retryOnInvalidResponse !== true && { '2XX': { description: ACKNOWLEDGED } }),
    ...finalResponses(final),
    410: { description: 'Disables this endpoint' },
    ...Object.fromEntries(later.map(status => [status, notNow(status)])),
    default: { description: 'Counts as failed' },
    ...declared,
  }
}

function notNow(status: string): ResponseObject {
  const why = status === '429' ? 'Too many requests' : 'Not at the moment'
  return {
    description: `${why}: counts as failed, and is sent again no earlier than \`Retry-After\` asks for, up to a day`,
    headers: { 'retry-after': { description: 'A number of seconds, or a date', schema: { type: 'string' } } },
  }
}
