import type { Diagnostic } from '../../document/diagnostic.ts'
import { levelOf } from '../../document/diagnostic-codes.ts'
import type { SourceRange } from '../../document/source/source-node.ts'
import type { CheckResult } from './check-result.ts'
import { shownPath } from './shown-path.ts'

/** One document as `ringback check --format json` tells of it. */
export function checkedJson({ location, checked, fixed, unreadable }: CheckResult): object {
  return {
    document: location,
    unreadable,
    passes: checked?.passes ?? false,
    outgoing: checked?.outgoing.map(({ kind, name, operation, method, key }) => ({
      kind,
      name,
      operation: operation === '' ? undefined : operation,
      method: method.toUpperCase(),
      url: kind === 'callback' ? key.text : undefined,
      ...placeJson(key),
    })),
    fixed: fixed.map(({ file, before, after }) => ({ file: shownPath(file.url), before, after })),
    diagnostics: checked?.diagnostics.map(diagnosticJson),
  }
}

function diagnosticJson({ code, range, message, remedy, correction }: Diagnostic): object {
  const { line: endLine, column: endColumn } = range.file.placeAt(range.end)
  return {
    code,
    level: levelOf(code),
    ...placeJson(range),
    endLine,
    endColumn,
    message,
    remedy,
    correction: correction?.text,
    fixable: correction?.edit !== undefined,
  }
}

function placeJson({ file, start }: SourceRange): object {
  return { file: shownPath(file.url), ...file.placeAt(start) }
}
