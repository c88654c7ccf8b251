import type { CompiledWebhook } from '../../operation/compiled/compiled-webhook.ts'

/** The webhooks of an application and of all that it mounts. */
export interface KnownWebhooks {
  byName(event: string): CompiledWebhook | undefined
}
