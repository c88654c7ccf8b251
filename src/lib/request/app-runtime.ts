import type { CallbackRuntime } from '../callback/callback-runtime.ts'
import type { Log } from '../log/log.ts'
import type { AnyApp } from '../operation/any-app.ts'
import type { AppDependencies } from './app-dependencies.ts'
import type { BackgroundTasks } from './background-tasks.ts'
import type { BodyRules } from './body-rules.ts'
import type { ErrorHandlers } from './errors/error-handlers.ts'
import type { OpenStreams } from './open-streams.ts'
import type { Overrides } from './overrides.ts'

/** What the steps of a request need of the application: one object for all of its requests. */
export interface AppRuntime {
  readonly app: AnyApp
  readonly log: Log
  readonly tasks: BackgroundTasks
  readonly streams: OpenStreams
  readonly errorHandlers: ErrorHandlers
  readonly bodyRules: BodyRules
  readonly dependencies: AppDependencies
  readonly overrides: Overrides
  /** Whether a handler may send anything: the deliveries of a request are recorded only then. */
  readonly sends: boolean
  readonly delivery: CallbackRuntime
}
