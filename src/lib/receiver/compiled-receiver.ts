import { DefinitionError } from '../definition/definition-error.ts'
import { quoted } from '../definition/quoted.ts'
import { ExpressionSyntaxError } from '../expression/expression-syntax-error.ts'
import { parseUrlTemplate } from '../expression/parse.ts'
import { type AnyCallbackOptions, CALLBACK_KEYS } from '../operation/callback-definition.ts'
import { checkCallbackOptions } from '../operation/check-callback-options.ts'
import { type CompiledCallback, compileCallbacks } from '../operation/compiled/compiled-callback.ts'
import { type CompiledMessage, compileMessage, sourcesOfMessage } from '../operation/compiled/compiled-message.ts'
import { declaredParameters } from '../operation/compiled/declared-sources.ts'
import { compileMatchPath, type MatchPath } from './match-path.ts'
import type { Receivable } from './received.ts'
import { asReceived } from './received-message.ts'

/** A definition compiled for its receiver. */
export interface CompiledReceiver {
  /** What it is called in the log. */
  readonly name: string
  readonly message: CompiledMessage
  readonly matchPath: MatchPath
  readonly callbacks: readonly CompiledCallback[]
}

/** Compiles a callback's definition from the receiver's point of view. Throws a `DefinitionError`. */
export function compileReceiver(definition: Receivable): CompiledReceiver {
  const { method, url } = definition
  const options = definition.options as AnyCallbackOptions
  const place = `the callback ${method.toUpperCase()} ${quoted(url)}`
  checkCallbackOptions(options, CALLBACK_KEYS, place)
  const message = asReceived(compileMessage(options.id ?? 'received', { method, options }, place), options.body)
  checkUrl(url, [...declaredParameters(message.parameters, 'path').keys()], place)
  return {
    name: `${method.toUpperCase()} ${url}`,
    message,
    matchPath: compileMatchPath(url),
    callbacks: compileCallbacks(options.callbacks, sourcesOfMessage(message), options.operationId ?? 'received'),
  }
}

function checkUrl(url: string, names: readonly string[], place: string): void {
  try {
    parseUrlTemplate(url, { names })
  } catch (cause) {
    if (!(cause instanceof ExpressionSyntaxError)) throw cause
    throw new DefinitionError(`The URL of ${place} cannot be read: ${cause.message}`, { cause })
  }
}
