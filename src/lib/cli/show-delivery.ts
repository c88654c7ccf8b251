import type { Attempt, DeliveryDetails } from '../delivery/deliveries.ts'
import type { SettledReason } from '../delivery/delivery-state.ts'
import { escapeControls } from '../log/escape-controls.ts'
import { AtRestError } from '../signature/at-rest-error.ts'
import { bodyLines } from './body-lines.ts'
import { CommandError } from './command-error.ts'
import type { StoreOptions } from './deliveries-options.ts'
import { detailsJson } from './delivery-json.ts'
import { sentName } from './sent-name.ts'
import { stateColor } from './state-color.ts'
import { withDeliveries } from './store/open-deliveries.ts'
import { currentTerminal, printJson, printLines, type Terminal } from './terminal.ts'
import { timeText } from './time-text.ts'

/** `ringback deliveries show` */
export async function showDelivery(id: string, { store, json }: StoreOptions): Promise<void> {
  const delivery = await withDeliveries(store, ({ deliveries }) => deliveries.get(id).catch(toldOfSecret))
  if (delivery === undefined) throw new CommandError(`There is no delivery "${id}"`)
  if (json) printJson(detailsJson(delivery))
  else printLines(detailLines(delivery, currentTerminal()))
}

function toldOfSecret(error: unknown): never {
  if (!(error instanceof AtRestError)) throw error
  throw new CommandError(
    "This delivery is sealed with a master secret that is not available here: set RINGBACK_MASTER_SECRET to the server's",
  )
}

function detailLines(delivery: DeliveryDetails, terminal: Terminal): string[] {
  const { id, state, endpoint, method, url, createdAt, nextAttemptAt, settledAt, body } = delivery
  const field = (name: string, text: string) => `${name.padEnd(10)}${escapeControls(text)}`
  return [
    field('Delivery', id),
    `${'State'.padEnd(10)}${terminal.color(stateColor[state], state)}${validity(delivery)}`,
    field(endpoint === undefined ? 'Callback' : 'Event', sentName(delivery)),
    ...(endpoint === undefined ? recipientLines(delivery, field) : endpointLines(delivery, field)),
    field('Created', timeText(createdAt)),
    ...(nextAttemptAt === undefined ? [] : [field('Next', timeText(nextAttemptAt))]),
    ...(settledAt === undefined ? [] : [field('Settled', timeText(settledAt))]),
    ...(delivery.reason === undefined ? [] : [field('Reason', reasonText[delivery.reason])]),
    field('Request', `${method} ${url}`),
    ...headerLines({ 'webhook-id': delivery.webhookId, ...delivery.headers }),
    ...(body === undefined ? ['  (no body, or past its retention)'] : bodyLines(body)),
    ...delivery.attempts.flatMap(attempt => ['', ...attemptLines(attempt, terminal)]),
  ]
}

type Field = (name: string, text: string) => string

function recipientLines({ recipient }: DeliveryDetails, field: Field): string[] {
  return recipient === undefined ? [] : [field('Recipient', recipient)]
}

function endpointLines({ endpoint = '', owner = '', message = '' }: DeliveryDetails, field: Field): string[] {
  return [field('Message', message), field('Endpoint', endpoint), field('Owner', owner)]
}

/** What the attempts do not say. */
const reasonText: Readonly<Record<SettledReason, string>> = {
  'worker-died': 'worker-died: ten workers in a row died while sending it',
  'endpoint-disabled': 'endpoint-disabled: its endpoint was disabled before it was sent',
  'endpoint-deleted': 'endpoint-deleted: its endpoint was deleted before it was sent',
  expired: 'expired: the time after which it was not to be sent came first',
}

function validity({ responseValid }: DeliveryDetails): string {
  if (responseValid === undefined) return ''
  return responseValid ? ', the response is as declared' : ', the response is not as declared'
}

function attemptLines(attempt: Attempt, terminal: Terminal): string[] {
  const { number, outcome, status, startedAt, finishedAt, address, error, responseBody } = attempt
  const ended = [outcome ?? 'on its way', ...(status === undefined ? [] : [status])].join(' ')
  const took = finishedAt === undefined ? [] : [`${finishedAt - startedAt} ms`]
  const facts = [ended, timeText(startedAt), ...took, ...(address === undefined ? [] : [address])]
  return [
    `${terminal.color('bold', `Attempt ${number}`.padEnd(10))}${escapeControls(facts.join(', '))}`,
    ...(error === undefined ? [] : [`  ${escapeControls(error)}`]),
    ...headerLines(attempt.responseHeaders),
    ...(responseBody === undefined ? [] : bodyLines(responseBody)),
    ...(attempt.responseTruncated ? ['  (the rest of the response was not kept)'] : []),
  ]
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `  ${escapeControls(`${name}: ${value}`)}`)
}
