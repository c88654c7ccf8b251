import { type CheckedDocument, checkDocument } from '../../document/check/check-document.ts'
import { levelOf } from '../../document/diagnostic-codes.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { CommandError } from '../command-error.ts'
import { counted } from '../counted.ts'
import { currentTerminal, printJson, printLines, printNote } from '../terminal.ts'
import { checkLines } from './check-lines.ts'
import type { CheckResult } from './check-result.ts'
import { checkedJson } from './checked-json.ts'
import { fixDocument } from './fix-document.ts'
import { type DocumentOptions, openDocument } from './open-document.ts'
import { sarifLog } from './sarif-log.ts'

/** The options of `ringback check`. */
export interface CheckOptions extends DocumentOptions {
  readonly format: 'text' | 'json' | 'sarif'
  readonly json?: boolean
  readonly fix?: boolean
}

/** `ringback check` */
export async function checkDocuments(locations: readonly string[], options: CheckOptions): Promise<void> {
  const results: CheckResult[] = []
  for (const location of locations) results.push(await checkOne(location, options))
  const format = options.json ? 'json' : options.format
  if (format === 'json') printJson({ documents: results.map(checkedJson) })
  else if (format === 'sarif') printJson(sarifLog(results))
  else for (const result of results) printLines(checkLines(result, currentTerminal()))
  for (const { unreadable } of results) if (unreadable !== undefined) printNote(escapeControls(unreadable))
  endWith(results)
}

async function checkOne(location: string, options: CheckOptions): Promise<CheckResult> {
  try {
    const checked = checkDocument(await openDocument(location, options))
    if (!options.fix) return { location, checked, fixed: [] }
    const fixed = await fixDocument(checked)
    if (fixed.length === 0) return { location, checked, fixed }
    // What is left is what is said of the files as they are now.
    return { location, checked: checkDocument(await openDocument(location, options)), fixed }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return { location, fixed: [], unreadable: error.message }
  }
}

function endWith(results: readonly CheckResult[]): void {
  const mistakes = results.flatMap(({ checked }) => checked?.diagnostics ?? []).filter(isError).length
  const unreadable = results.filter(result => result.unreadable !== undefined).length
  if (unreadable > 0) throw new CommandError(`${counted(unreadable, 'document')} could not be read`, 2)
  if (mistakes > 0) throw new CommandError(`${counted(mistakes, 'mistake')} found`)
}

const isError = ({ code }: CheckedDocument['diagnostics'][number]): boolean => levelOf(code) === 'error'
