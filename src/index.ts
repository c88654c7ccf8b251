export { Ringback } from './lib/app/ringback.ts'
export type { RingbackOptions } from './lib/app/ringback-options.ts'
export type { IncludeOptions, RouterOptions } from './lib/app/router.ts'
export { Router } from './lib/app/router.ts'
export type { EventFields } from './lib/http/event-stream.ts'
export { HttpError } from './lib/http/http-error.ts'
export type { Log } from './lib/log/log.ts'
export type { BytesSchema } from './lib/operation/bodies/bytes.ts'
export { bytes } from './lib/operation/bodies/bytes.ts'
export type { ContentSchema } from './lib/operation/bodies/content-schema.ts'
export type { EventItems, EventStreamOptions, EventStreamSchema } from './lib/operation/bodies/event-stream.ts'
export { eventStream, ServerSentEvent, serverSentEvent } from './lib/operation/bodies/event-stream.ts'
export type { JsonLinesSchema } from './lib/operation/bodies/json-lines.ts'
export { jsonLines } from './lib/operation/bodies/json-lines.ts'
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
export type { Handler, Operation } from './lib/operation/operation.ts'
export { operation } from './lib/operation/operation.ts'
export type { ProblemDetails, ProblemSchema } from './lib/operation/problem.ts'
export { problem } from './lib/operation/problem.ts'
export type { RequestParts } from './lib/operation/request-parts.ts'
export type { CookieToSet, ResponseParts } from './lib/operation/response-parts.ts'
export type { NoBody, NoCookies, NoHeaders, NoQuery, NoResponse, NoResponseHeaders } from './lib/operation/responses.ts'
export type { Route } from './lib/operation/route.ts'
export type { WebhookDefinition, WebhookOptions, WebhookSet } from './lib/operation/webhook-definition.ts'
export { webhook } from './lib/operation/webhook-definition.ts'
export type { NoPart, Schema } from './lib/schema/schema.ts'
