import { DefinitionError } from '../definition/definition-error.ts'
import { caret } from '../expression/caret.ts'
import { locateExpressions } from '../expression/parse.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'

/**
 * Throws a `DefinitionError` for a callback whose base URL follows the `Host` header: without a list of the
 * application's own hosts, any client could choose where the callback goes. After a base URL the value does no harm.
 */
export function refuseHostAsBase({ operationId, callbacks }: CompiledOperation): void {
  const callback = callbacks.find(beginsWithHost)
  if (callback === undefined) return
  const { url } = callback.definition
  const { text, index } = locateExpressions(url)[0]!
  throw new DefinitionError(
    `The URL of the callback "${callback.name}" of ${operationId} begins with "${text}", which follows the Host header, so whoever sends a request chooses where the callback goes: list the application's own hosts in "trustedHosts", such as ['api.example.com'], or begin the URL with another expression or a literal URL\n${caret(url, index)}`,
  )
}

function beginsWithHost({ template }: CompiledCallback): boolean {
  const [first] = template.parts
  if (first?.kind === 'url') return true
  return first?.kind === 'header' && first.message === 'request' && first.name.toLowerCase() === 'host'
}
