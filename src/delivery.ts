export type { AttemptHeaders, AttemptToMake } from './lib/delivery/attempt/attempt-headers.ts'
export { AttemptHeadersError } from './lib/delivery/attempt/attempt-headers-error.ts'
export type { CallResponse } from './lib/delivery/attempt/call-once.ts'
export { ReservedHeaderError } from './lib/delivery/attempt/reserved-header-error.ts'
export { defaultRetryDelaysSeconds } from './lib/delivery/attempt/retry-schedule.ts'
export { TooManyCallsError } from './lib/delivery/attempt/too-many-calls-error.ts'
export { createDelivery } from './lib/delivery/create-delivery.ts'
export type {
  Attempt,
  Deliveries,
  Delivery,
  DeliveryDetails,
  ListDeliveriesOptions,
} from './lib/delivery/deliveries.ts'
export type { DeliveryEngine, StoredResult } from './lib/delivery/delivery-engine.ts'
export type { DeliveryEvent, DeliveryEvents, DeliveryListener } from './lib/delivery/delivery-events.ts'
export type { DeliveryOptions } from './lib/delivery/delivery-options.ts'
export type { DeclaredResponses, DeliveryRequest, WebhookRequest } from './lib/delivery/delivery-request.ts'
export type { AttemptOutcome, DeliveryState, SettledReason } from './lib/delivery/delivery-state.ts'
export type {
  AddedDelivery,
  AddRequest,
  AddResult,
  ClaimRequest,
  ClaimResult,
  ContinueReplaysRequest,
  DeliveryStore,
  DueDelivery,
  EndAttemptResult,
  EndAttemptsRequest,
  EraseRequest,
  KeyedDelivery,
  ListQuery,
  PauseSendingRequest,
  PurgeRequest,
  ReleaseRequest,
  ReplayRequest,
  ReplayResult,
  StartReplayRequest,
  StoredPage,
  StoredReplay,
  UseKeysRequest,
  UseKeysResult,
} from './lib/delivery/delivery-store.ts'
export type {
  Destination,
  Destinations,
  ListDestinationsOptions,
} from './lib/delivery/destinations.ts'
export type {
  DisabledReason,
  Endpoint,
  EndpointChange,
  EndpointNotice,
  EndpointOptions,
  EndpointSecret,
  Endpoints,
  ExportedEndpoint,
  ImportedEndpoint,
  NewEndpoint,
  OfOwner,
  Page,
  Paging,
  Recovery,
  TestResult,
  WithSecret,
} from './lib/delivery/endpoints/endpoint.ts'
export { EndpointDisabledError } from './lib/delivery/endpoints/errors/endpoint-disabled-error.ts'
export { EndpointImportError } from './lib/delivery/endpoints/errors/endpoint-import-error.ts'
export { EndpointLimitError } from './lib/delivery/endpoints/errors/endpoint-limit-error.ts'
export { EndpointNotFoundError } from './lib/delivery/endpoints/errors/endpoint-not-found-error.ts'
export { InvalidEndpointError } from './lib/delivery/endpoints/errors/invalid-endpoint-error.ts'
export { RecoveryRunningError } from './lib/delivery/endpoints/errors/recovery-running-error.ts'
export { TooManySecretsError } from './lib/delivery/endpoints/errors/too-many-secrets-error.ts'
export { WebhookReplacedError } from './lib/delivery/endpoints/errors/webhook-replaced-error.ts'
export type { WebhookMessage, WebhookMessages } from './lib/delivery/endpoints/messages.ts'
export type { Owner } from './lib/delivery/endpoints/owner.ts'
export { everyone } from './lib/delivery/endpoints/owner.ts'
export type {
  ClaimHandlersRequest,
  ClaimOutagesRequest,
  EndHandlersRequest,
  EndOutagesRequest,
  HandlerEnd,
  OutageEnd,
  OutageKey,
  UnhandledDelivery,
  UnhandledOutage,
} from './lib/delivery/handlers/handler-requests.ts'
export type { FailedDelivery, OnFailed } from './lib/delivery/handlers/on-failed.ts'
export type { OnOutage, Outage } from './lib/delivery/handlers/on-outage.ts'
export type { DeliveryResponse, OnResponse, RespondedDelivery } from './lib/delivery/handlers/on-response.ts'
export { IdempotencyConflictError } from './lib/delivery/idempotency-conflict-error.ts'
export type { BreakerSignal } from './lib/delivery/isolation/breaker.ts'
export type { SendingControl } from './lib/delivery/isolation/sending-control.ts'
export type {
  DestinationState,
  DestinationsChange,
  DestinationsPage,
  DestinationsQuery,
  Pause,
  StoredDestination,
} from './lib/delivery/isolation/stored-destination.ts'
export type { DeliverySigning } from './lib/delivery/keys/delivery-signer.ts'
export { MasterSecretUnknownError } from './lib/delivery/keys/master-secret-unknown-error.ts'
export type { DeliveryFilter } from './lib/delivery/manage/delivery-filter.ts'
export type { AttemptDurations, DeliveryStats, HourStats } from './lib/delivery/manage/delivery-stats.ts'
export type { EraseOptions } from './lib/delivery/manage/erase-deliveries.ts'
export { ErasePendingError } from './lib/delivery/manage/erase-pending-error.ts'
export type { ReplayProgress, ReplayRun } from './lib/delivery/manage/replays.ts'
export type { SettledState, StoredHour, StoredStats } from './lib/delivery/manage/store-stats.ts'
export { NotInTransactionError } from './lib/delivery/not-in-transaction-error.ts'
export { PayloadTooLargeError } from './lib/delivery/payload-too-large-error.ts'
export type { PreparedDelivery } from './lib/delivery/prepare-delivery.ts'
export { ReplayError } from './lib/delivery/replay-error.ts'
export { StoreOutcomeUnknownError } from './lib/delivery/store-outcome-unknown-error.ts'
export { StoreUnavailableError } from './lib/delivery/store-unavailable-error.ts'
export type {
  AttemptResponse,
  AttemptResult,
  ClaimedDelivery,
  DeliveryJob,
  IdempotencyKey,
  Lease,
  NewDelivery,
  NextStep,
  Retention,
  StoredAttempt,
  StoredDelivery,
  StoredDeliveryWithAttempts,
  StoreFilter,
  WebhookTargets,
} from './lib/delivery/stored-delivery.ts'
export { memoryStore } from './lib/store/memory-store.ts'
