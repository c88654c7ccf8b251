import { bindWebhooks } from '../../callback/webhook/bind-webhooks.ts'
import type { OperationRun } from '../operation-run.ts'

/** Lets the handler ask for the webhooks of its operation. */
export function bindRequestWebhooks({ operation, deliveries, context, runtime }: OperationRun): undefined {
  const names = operation.webhookNames
  if (deliveries === undefined || names.length === 0) return
  const { delivery } = runtime
  context['~bindWebhooks'] = () =>
    bindWebhooks(
      names.map(name => delivery.webhooks.byName(name)!),
      delivery,
      deliveries,
    )
}
