import type { FoundKey } from '../../callbacks/find-outgoing.ts'
import { methods } from '../../callbacks/methods.ts'
import { operationContext } from '../../callbacks/operation-context.ts'
import type { Correction, Diagnostic } from '../../diagnostic.ts'
import type { SourceDocument } from '../../reading/source-document.ts'
import { keyEdit } from '../../source/key-edit.ts'
import { memberOf, type SourceKey } from '../../source/source-node.ts'
import type { KeyFault } from './key-fault.ts'
import { KeyScope } from './key-scope.ts'
import { mendKey } from './mend-key.ts'
import { mendNames } from './mend-names.ts'

/** Everything that is wrong with the key of a callback, each with the key as it is once all of it is mended. */
export function checkKey(document: SourceDocument, found: FoundKey): Diagnostic[] {
  const { key } = found
  const scope = new KeyScope(found.context, ownNames(document, found))
  const grammar = mendKey(key.text, scope)
  const names = grammar.isTemplate ? mendNames(grammar.text, scope) : { text: grammar.text, faults: [] }
  const faults = [...unquoted(key), ...firstOf(grammar.faults), ...names.faults]
  const correction = correctionOf(found, names.text, grammar.isTemplate)
  return faults.map(({ code, message, remedy }) => ({
    code,
    range: key,
    message,
    remedy: correction === undefined ? (remedy ?? 'Write it as OpenAPI has it') : `Write "${correction.text}"`,
    correction,
  }))
}

/** The names that the callback's own path parameters have. */
export function ownNames(document: SourceDocument, { pathItem }: Pick<FoundKey, 'pathItem'>): readonly string[] {
  if (pathItem === undefined) return []
  const operations = methods.flatMap(method => document.resolve(memberOf(pathItem, method)) ?? [])
  return [pathItem, ...operations].flatMap(operation =>
    operation.kind === 'object' ? operationContext(document, '', pathItem, operation).parameters.path : [],
  )
}

function unquoted(key: SourceKey): KeyFault[] {
  if (key.style !== 'braces') return []
  const message = `YAML reads ${key.text} as a mapping, not as text, because it is not in quotation marks`
  return [{ code: 'unquoted-key', message }]
}

/** What tells most of why a key is wrong; the others follow from the same hurry, and have the same correction. */
const gravest = ['missing-dollar', 'unbalanced', 'dollar-outside', 'double-brace', 'unknown-source'] as const

function firstOf(faults: readonly KeyFault[]): KeyFault[] {
  const unmended = faults.find(({ remedy }) => remedy !== undefined)
  const first = gravest.map(code => faults.find(fault => fault.code === code)).find(fault => fault !== undefined)
  const [chosen] = [unmended, first, ...faults].filter(fault => fault !== undefined)
  return chosen === undefined ? [] : [chosen]
}

/** Two keys must not become the same; what is not a URL template yet is no correction. */
function correctionOf({ key, holder }: FoundKey, text: string, isTemplate: boolean): Correction | undefined {
  if (!isTemplate || (text === key.text && key.style !== 'braces')) return undefined
  const isTaken = [...holder.members.values()].some(({ key: other }) => other !== key && other.text === text)
  return { text, edit: isTaken ? undefined : keyEdit(key, text) }
}
