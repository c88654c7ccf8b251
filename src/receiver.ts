export { type ReceiverDocumentOptions, receiverDocument } from './lib/openapi/receiver/receiver-document.ts'
export { callback } from './lib/operation/callback-definition.ts'
export { webhook } from './lib/operation/webhook-definition.ts'
export { ClaimLostError } from './lib/receiver/dedupe/claim-lost-error.ts'
export type {
  ClaimedMessage,
  Dedupe,
  DedupeClaim,
  DedupeTimes,
  StoredResponse,
} from './lib/receiver/dedupe/dedupe.ts'
export { type MemoryDedupeOptions, memoryDedupe } from './lib/receiver/dedupe/memory-dedupe.ts'
export { type DedupePool, type PostgresDedupeOptions, postgresDedupe } from './lib/receiver/dedupe/postgres-dedupe.ts'
export { type SqliteDedupeOptions, sqliteDedupe } from './lib/receiver/dedupe/sqlite-dedupe.ts'
export { toNodeHandler } from './lib/receiver/node/to-node-handler.ts'
export { type ReceiveHandlers, receive } from './lib/receiver/receive.ts'
export type { ReceiveOptions } from './lib/receiver/receive-options.ts'
export type {
  HandlerResult,
  Receivable,
  Received,
  ReceiveHandler,
  ReceiverRespondOptions,
  ReceiverResponse,
} from './lib/receiver/received.ts'
export type { ReceivableWebhooks, ReceivedWebhook, WebhookHandlers } from './lib/receiver/webhooks/received-webhook.ts'
