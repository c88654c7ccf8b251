import type { CloseOptions } from '../app/life/closing.ts'
import type { AnyApp } from '../operation/any-app.ts'

/** What can be served: a `Ringback` application. */
export interface ServableApp extends AnyApp {
  start(): Promise<void>
  close(options?: CloseOptions): Promise<void>
}
