import { DefinitionError } from '../definition/definition-error.ts'
import { createDestinationPolicy, type DestinationPolicy } from '../destination/policy.ts'
import type { DestinationRules } from '../destination/rules.ts'
import type { UrlTemplate } from '../expression/url-template.ts'
import type { CompiledCallback } from '../operation/compiled/compiled-callback.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'

/**
 * Makes the check of callbacks whose URL names its host itself: what the destination rules refuse without a look-up can
 * never be sent, and no client is to blame for it. Throws a `DestinationRuleError` for invalid rules; the check throws
 * a `DefinitionError`.
 */
export function constantUrlCheck(
  rules: DestinationRules | undefined,
  ownOrigins: readonly string[],
): (operation: CompiledOperation) => void {
  const policy = createDestinationPolicy({ ...rules, ownOrigins })
  return ({ operationId, callbacks }) => {
    for (const callback of callbacks) checkCallback(callback, operationId, policy)
  }
}

function checkCallback({ name, template }: CompiledCallback, operationId: string, policy: DestinationPolicy): void {
  const origin = constantOrigin(template)
  const verdict = origin === undefined ? undefined : policy.judgeUrl(origin)
  if (verdict === undefined || verdict.allowed) return
  const remedy =
    verdict.reason === 'name' || verdict.reason === 'address'
      ? `; if that is intended, list its host in "delivery.destinations.allow"`
      : ''
  throw new DefinitionError(
    `The callback "${name}" of ${operationId} goes to "${origin}", where nothing may be sent: ${verdict.text}${remedy}`,
  )
}

/** The URL up to its path, if no expression can change that, in the form that the guard checks. */
function constantOrigin({ parts }: UrlTemplate): string | undefined {
  const [first] = parts
  if (first?.kind !== 'literal') return undefined
  if (parts.length === 1) return first.text
  return /^[a-z][a-z\d+.-]*:\/\/[^/?#]+[/?]/i.exec(first.text)?.[0]
}
