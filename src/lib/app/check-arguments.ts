import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import type { Dependency } from '../operation/dependency-set.ts'

/** Refuses arguments that `use` could not run. */
export function checkMiddleware(handlers: readonly unknown[]): void {
  if (handlers.length === 0)
    throw new DefinitionError('"use" got no middleware: pass at least one function, after the path if you give one')
  const wrong = handlers.findIndex(handler => typeof handler !== 'function')
  if (wrong >= 0)
    throw new DefinitionError(
      `"use" got ${quoted(handlers[wrong])}, which is not a function: pass Hono middleware, such as cors()`,
    )
}

/** Refuses arguments with which `override` would replace no dependency. */
export function checkOverride(dependency: Dependency, fn: unknown): void {
  if (dependency?.kind !== 'dependency')
    throw new DefinitionError(
      '"override" got no dependency: pass one made with dependency({…}, fn), and the function that replaces it',
    )
  if (typeof fn !== 'function')
    throw new DefinitionError(`"override" got ${quoted(fn)}, which is not a function: pass one that returns the value`)
}

/** Refuses handlers that `onError` would never call. */
export function checkErrorHandler(errorClass: unknown, respond: unknown): void {
  const prototype: unknown = typeof errorClass === 'function' ? errorClass.prototype : undefined
  if (!(prototype instanceof Error) && errorClass !== Error)
    throw new DefinitionError(
      `"onError" got ${quoted(errorClass)}, which is not an error class: pass one, such as TypeError`,
    )
  if (typeof respond !== 'function')
    throw new DefinitionError('"onError" got no function after the class: pass one that returns a Response')
}
