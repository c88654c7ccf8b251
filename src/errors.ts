/*
 * The family, with the code of each:
 *
 * RingbackError
 *   DefinitionError              ERR_DEFINITION              an application that is not defined correctly
 *   ExpressionSyntaxError        ERR_EXPRESSION_SYNTAX       a text that is not a runtime expression or URL template
 *   HttpError                    ERR_HTTP                    a response to the client, by throwing
 *   RequestValidationError       ERR_HTTP                    an HttpError: a request that does not fit its operation
 *   ResponseInvalidError         ERR_RESPONSE_INVALID        a response that breaks its declaration
 *   MessageInvalidError          ERR_MESSAGE_INVALID         a WebSocket's message that breaks its declaration
 *   SocketClosedError            ERR_SOCKET_CLOSED           a WebSocket that has closed
 *   SocketRefusedError           ERR_SOCKET_REFUSED          a test's WebSocket whose handshake is refused
 *   CallbackArgumentError        ERR_CALLBACK_ARGUMENT       send or call with what the callback does not declare
 *   CallbackTooLateError         ERR_CALLBACK_TOO_LATE       send after the handler, if the URL reads the response
 *   CallbackDataError            ERR_CALLBACK_DATA           restore with data of another callback
 *   CallbackResponseError        ERR_CALLBACK_RESPONSE       call: a response that is not declared
 *   CallbackTimeoutError         ERR_CALLBACK_TIMEOUT        call: no response in time
 *   CallbackUnreachableError     ERR_CALLBACK_UNREACHABLE    call: no connection
 *   AttemptHeadersError          ERR_ATTEMPT_HEADERS         call: attemptHeaders gave no headers
 *   DestinationRefusedError      ERR_DESTINATION_REFUSED     the guard refuses the destination
 *   DestinationRuleError         ERR_DESTINATION_RULE        a rule of the guard that cannot be read
 *   PayloadTooLargeError         ERR_PAYLOAD_TOO_LARGE       a body over the limit of deliveries
 *   ReservedHeaderError          ERR_RESERVED_HEADER         a header that a delivery may not set
 *   IdempotencyConflictError     ERR_IDEMPOTENCY_CONFLICT    an idempotency key that was used for another message
 *   EndpointNotFoundError        ERR_ENDPOINT_NOT_FOUND      an endpoint that its owner does not have
 *   InvalidEndpointError         ERR_INVALID_ENDPOINT        a value that an endpoint cannot have
 *   EndpointLimitError           ERR_ENDPOINT_LIMIT          an owner with as many endpoints as one may have
 *   EndpointDisabledError        ERR_ENDPOINT_DISABLED       a disabled endpoint
 *   EndpointImportError          ERR_ENDPOINT_IMPORT         an endpoint that cannot be taken over
 *   RecoveryRunningError         ERR_RECOVERY_RUNNING        an endpoint whose earlier recovery is running
 *   TooManySecretsError          ERR_TOO_MANY_SECRETS        an endpoint of which three secrets sign
 *   WebhookReplacedError         ERR_WEBHOOK_REPLACED        send of a webhook that a newer one replaces
 *   NotInTransactionError        ERR_NOT_IN_TRANSACTION      a connection without an open transaction of the store
 *   StoreUnavailableError        ERR_STORE_UNAVAILABLE       the store cannot do its work
 *   MasterSecretUnknownError     ERR_MASTER_SECRET_UNKNOWN   a master secret with which the store was never used
 *   TooManyCallsError            ERR_TOO_MANY_CALLS          call: too many are already waiting
 *   StoreOutcomeUnknownError     ERR_STORE_OUTCOME_UNKNOWN   the store did not answer in time, and may have stored it
 *   NoDeliveryError              ERR_NO_DELIVERY             a runtime that cannot send callbacks
 *   ErasePendingError            ERR_ERASE_PENDING           erased deliveries whose bytes are still in the log
 *   ReplayError                  ERR_REPLAY                  a delivery that cannot be replayed
 *   ClaimLostError               ERR_CLAIM_LOST              a handler of "receive" that took longer than its claim holds
 *   SignatureError               ERR_SIGNATURE               a message that is not signed correctly
 *   SigningKeyError              ERR_SIGNING_KEY             a secret or key that cannot be used
 *   AtRestError                  ERR_AT_REST                 sealed bytes that none of the keys opens
 */
export { CallbackArgumentError } from './lib/callback/callback-argument-error.ts'
export { CallbackDataError } from './lib/callback/callback-data-error.ts'
export { CallbackResponseError } from './lib/callback/callback-response-error.ts'
export { CallbackTooLateError } from './lib/callback/callback-too-late-error.ts'
export { DefinitionError } from './lib/definition/definition-error.ts'
export { AttemptHeadersError } from './lib/delivery/attempt/attempt-headers-error.ts'
export { ReservedHeaderError } from './lib/delivery/attempt/reserved-header-error.ts'
export { TooManyCallsError } from './lib/delivery/attempt/too-many-calls-error.ts'
export { EndpointDisabledError } from './lib/delivery/endpoints/errors/endpoint-disabled-error.ts'
export { EndpointImportError } from './lib/delivery/endpoints/errors/endpoint-import-error.ts'
export { EndpointLimitError } from './lib/delivery/endpoints/errors/endpoint-limit-error.ts'
export { EndpointNotFoundError } from './lib/delivery/endpoints/errors/endpoint-not-found-error.ts'
export { InvalidEndpointError } from './lib/delivery/endpoints/errors/invalid-endpoint-error.ts'
export { RecoveryRunningError } from './lib/delivery/endpoints/errors/recovery-running-error.ts'
export { TooManySecretsError } from './lib/delivery/endpoints/errors/too-many-secrets-error.ts'
export { WebhookReplacedError } from './lib/delivery/endpoints/errors/webhook-replaced-error.ts'
export { IdempotencyConflictError } from './lib/delivery/idempotency-conflict-error.ts'
export { MasterSecretUnknownError } from './lib/delivery/keys/master-secret-unknown-error.ts'
export { ErasePendingError } from './lib/delivery/manage/erase-pending-error.ts'
export { NotInTransactionError } from './lib/delivery/not-in-transaction-error.ts'
export { PayloadTooLargeError } from './lib/delivery/payload-too-large-error.ts'
export { ReplayError } from './lib/delivery/replay-error.ts'
export { StoreOutcomeUnknownError } from './lib/delivery/store-outcome-unknown-error.ts'
export { StoreUnavailableError } from './lib/delivery/store-unavailable-error.ts'
export { NoDeliveryError } from './lib/delivery/unsent/no-delivery-error.ts'
export { DestinationRefusedError } from './lib/destination/destination-refused-error.ts'
export { DestinationRuleError } from './lib/destination/destination-rule-error.ts'
export { CallbackTimeoutError } from './lib/destination/transport/callback-timeout-error.ts'
export { CallbackUnreachableError } from './lib/destination/transport/callback-unreachable-error.ts'
export { RingbackError } from './lib/error.ts'
export { ExpressionSyntaxError } from './lib/expression/expression-syntax-error.ts'
export { HttpError } from './lib/http/http-error.ts'
export { ResponseInvalidError } from './lib/operation/response-invalid-error.ts'
export { MessageInvalidError } from './lib/operation/socket/message-invalid-error.ts'
export { SocketClosedError } from './lib/operation/socket/socket-closed-error.ts'
export { ClaimLostError } from './lib/receiver/dedupe/claim-lost-error.ts'
export { RequestValidationError } from './lib/request/errors/request-validation-error.ts'
export { AtRestError } from './lib/signature/at-rest-error.ts'
export { SignatureError } from './lib/signature/signature-error.ts'
export { SigningKeyError } from './lib/signature/signing-key-error.ts'
export { SocketRefusedError } from './lib/testing/socket/socket-refused-error.ts'
