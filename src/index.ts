export { endpointRoutes } from './lib/app/endpoints/endpoint-routes.ts'
export type { EndpointField, EndpointRoutesOptions } from './lib/app/endpoints/endpoint-routes-options.ts'
export type { FetchHandler, Mountable } from './lib/app/mount/fetch-mount.ts'
export type { MountOptions } from './lib/app/mount/mount-on.ts'
export type { StaticOptions } from './lib/app/mount/static-options.ts'
export { Ringback } from './lib/app/ringback.ts'
export type { RingbackOptions } from './lib/app/ringback-options.ts'
export type { IncludeOptions, RouterOptions } from './lib/app/router.ts'
export { Router } from './lib/app/router.ts'
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
export type { WebhookMessage, WebhookMessages } from './lib/delivery/endpoints/messages.ts'
export type { Owner } from './lib/delivery/endpoints/owner.ts'
export { everyone } from './lib/delivery/endpoints/owner.ts'
export type { FailedDelivery } from './lib/delivery/handlers/on-failed.ts'
export type { EventFields } from './lib/http/event-stream.ts'
export type { FormLimits } from './lib/http/form/form.ts'
export { HttpError } from './lib/http/http-error.ts'
export type { Log } from './lib/log/log.ts'
export type { BytesSchema } from './lib/operation/bodies/bytes.ts'
export { bytes } from './lib/operation/bodies/bytes.ts'
export type { ContentSchema } from './lib/operation/bodies/content-schema.ts'
export type { EventItems, EventStreamOptions, EventStreamSchema } from './lib/operation/bodies/event-stream.ts'
export { eventStream, ServerSentEvent, serverSentEvent } from './lib/operation/bodies/event-stream.ts'
export type { FileOptions, FileSchema } from './lib/operation/bodies/file.ts'
export { file } from './lib/operation/bodies/file.ts'
export type { FileResponseSchema } from './lib/operation/bodies/file-response.ts'
export { fileResponse } from './lib/operation/bodies/file-response.ts'
export type { FormSchema } from './lib/operation/bodies/form.ts'
export { form } from './lib/operation/bodies/form.ts'
export type { JsonBodyOptions, JsonBodySchema } from './lib/operation/bodies/json.ts'
export { json } from './lib/operation/bodies/json.ts'
export type { JsonLinesSchema } from './lib/operation/bodies/json-lines.ts'
export { jsonLines } from './lib/operation/bodies/json-lines.ts'
export type { OneOfSchema } from './lib/operation/bodies/one-of.ts'
export { oneOf } from './lib/operation/bodies/one-of.ts'
export type { ByMediaType, ResponseSchema } from './lib/operation/bodies/response-choice.ts'
export type { SendFileOptions, SentFile } from './lib/operation/bodies/sent-file.ts'
export { sendFile } from './lib/operation/bodies/sent-file.ts'
export type { StreamPieces, StreamSchema } from './lib/operation/bodies/stream.ts'
export { stream } from './lib/operation/bodies/stream.ts'
export type { TextSchema } from './lib/operation/bodies/text.ts'
export { html, text } from './lib/operation/bodies/text.ts'
export type { Bound, BoundCallback, CallbackData, LateCallback, SendOptions } from './lib/operation/bound-callback.ts'
export type {
  CallbackDefinition,
  CallbackOptions,
  CallbackResponse,
  NoCallbackBody,
  NoCallbackHeaders,
  NoCallbackParams,
  NoCallbackQuery,
  NoCallbackResponse,
} from './lib/operation/callback-definition.ts'
export { callback } from './lib/operation/callback-definition.ts'
export type { Context, HeaderValue, Responded, RespondOptions } from './lib/operation/context.ts'
export type { Definition, TemplateSchema } from './lib/operation/definition.ts'
export type { DependencyNeeds } from './lib/operation/dependency-definition.ts'
export { dependency } from './lib/operation/dependency-definition.ts'
export type { Dependency, Needs } from './lib/operation/dependency-set.ts'
export type { ErrorContext } from './lib/operation/error-context.ts'
export type { Handler, Operation } from './lib/operation/operation.ts'
export { operation } from './lib/operation/operation.ts'
export type { ProblemDetails, ProblemSchema } from './lib/operation/problem.ts'
export { problem } from './lib/operation/problem.ts'
export { redirect } from './lib/operation/redirect.ts'
export type { RequestParts } from './lib/operation/request-parts.ts'
export type { CookieToSet, ResponseParts } from './lib/operation/response-parts.ts'
export type { NoBody, NoCookies, NoHeaders, NoQuery, NoResponse, NoResponseHeaders } from './lib/operation/responses.ts'
export type { Route } from './lib/operation/route.ts'
export type { NoMessages, Socket, SocketClose } from './lib/operation/socket/socket.ts'
export type { SocketContext, SocketExchange } from './lib/operation/socket/socket-context.ts'
export type { SocketDefinition } from './lib/operation/socket/socket-definition.ts'
export type { SocketRoute } from './lib/operation/socket/socket-route.ts'
export type { WebSocketOptions } from './lib/operation/socket/websocket-options.ts'
export type {
  BoundWebhook,
  BoundWebhooks,
  EventName,
  WebhookSendOptions,
} from './lib/operation/webhook/bound-webhook.ts'
export { endpointEvents } from './lib/operation/webhook/endpoint-events.ts'
export type {
  WebhookDefinition,
  WebhookDelivery,
  WebhookOptions,
  WebhookSet,
} from './lib/operation/webhook-definition.ts'
export { webhook } from './lib/operation/webhook-definition.ts'
export type { RequestMistake } from './lib/request/errors/request-validation-error.ts'
export { RequestValidationError } from './lib/request/errors/request-validation-error.ts'
export type { ValidationCode } from './lib/schema/codes/validation-code.ts'
export type { NoPart, Schema, WrappedSchema } from './lib/schema/schema.ts'
export type { ValidationError } from './lib/schema/validation-error.ts'
