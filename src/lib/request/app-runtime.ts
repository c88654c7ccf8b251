import type { CallbackRuntime } from '../callback/callback-runtime.ts'
import type { CurrentDeliveries } from '../callback/request-deliveries.ts'
import type { Log } from '../log/log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { AppDependencies } from './app-dependencies.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import type { ErrorHandlers } from './error-handlers.ts'
import type { Overrides } from './overrides.ts'
import type { BodyRules } from './read-json-body.ts'

/** What the pipeline needs of the application beside the operation itself. */
export interface AppRuntime {
  readonly app: AnyApp
  readonly log: Log
  readonly tasks: BackgroundTasks
  readonly errorHandlers: ErrorHandlers
  readonly bodyRules: BodyRules
  readonly dependencies: { readonly appDependencies: AppDependencies; readonly overrides: Overrides }
  /** Whether a handler may send anything: only then the deliveries of its request are kept in `current`. */
  sends(): boolean
  readonly current: CurrentDeliveries
  /** Made at first use: an application without callbacks opens no store. */
  callbacks(): CallbackRuntime
  /** Whether a request with this `CDN-Loop` header is a callback of the application itself. Needs no engine without callbacks. */
  isOwnLoop(cdnLoop: string): boolean
}
