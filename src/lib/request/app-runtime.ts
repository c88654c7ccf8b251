import type { CallbackRuntime } from '../callback/callback-runtime.ts'
import type { LazySpool } from '../http/form/lazy-spool.ts'
import type { Log } from '../log/log.ts'
import type { OpenApiDocument } from '../openapi/create-document.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { CompiledWebhook } from '../operation/compiled/compiled-webhook.ts'
import type { AppDependencies } from './app-dependencies.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import type { BodyRules } from './body-rules.ts'
import type { ErrorHandlers } from './errors/error-handlers.ts'
import type { OpenStreams } from './open-streams.ts'
import type { Overrides } from './overrides.ts'

/** What the steps of a request need of the application: one object for all of its requests. */
export interface AppRuntime {
  readonly app: AnyApp
  /** What a proxy has removed from the beginning of each path. */
  readonly basePath: string
  /** What is put before the operationIds that deliveries are named after: two mounted applications may have the same. */
  readonly operationPrefix: string
  readonly log: Log
  readonly tasks: BackgroundTasks
  readonly streams: OpenStreams
  /** Where the files of forms are kept. */
  readonly files: LazySpool
  readonly errorHandlers: ErrorHandlers
  readonly bodyRules: BodyRules
  readonly dependencies: AppDependencies
  readonly overrides: Overrides
  /** Whether a handler may send anything: the deliveries of a request are recorded only then. */
  readonly sends: boolean
  readonly delivery: CallbackRuntime & { readonly masterSecret: string }
  readonly webhooks: readonly CompiledWebhook[]
  readonly document: OpenApiDocument
  /** Told of errors that clients learn nothing of; tests ask for them. */
  readonly onFailure: ((error: unknown) => void) | undefined
}
