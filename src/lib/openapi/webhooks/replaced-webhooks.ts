import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'

/** What is said about the older and the newer forms of webhooks. Only documented ones are named. */
export class ReplacedWebhooks {
  readonly #documented: ReadonlyMap<string, CompiledWebhook>

  constructor(documented: readonly CompiledWebhook[]) {
    this.#documented = new Map(documented.map(webhook => [webhook.name, webhook]))
  }

  /** In a sentence of Markdown each. */
  notes(webhook: CompiledWebhook): string[] {
    const older = webhook.replaces && this.#documented.get(webhook.replaces.event)
    const newer = [...this.#documented.values()].filter(({ replaces }) => replaces?.event === webhook.name)
    return [
      ...(older === undefined ? [] : [`It replaces ${link(older)}: ${rule(webhook, older)}`]),
      ...newer.map(one => `${link(one)} replaces it: ${rule(one, webhook)}`),
    ]
  }
}

/** Who gets which of two forms. */
function rule(newer: CompiledWebhook, older: CompiledWebhook): string {
  const since = newer.replaces?.since
  return `an endpoint gets one of them, \`${newer.name}\` if it names that, \`${older.name}\` if it names only that; one that takes all events gets \`${older.name}\` if it was made before ${since}.`
}

/** Leads to the operation on the page of the documentation. */
const link = ({ name, operationId }: CompiledWebhook): string =>
  `[\`${name}\`](#/webhooks/${encodeURIComponent(operationId)})`
