import type { Outgoing } from '../../document/callbacks/outgoing.ts'
import type { CheckedDocument } from '../../document/check/check-document.ts'
import type { Diagnostic } from '../../document/diagnostic.ts'
import { levelOf } from '../../document/diagnostic-codes.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { counted } from '../counted.ts'
import { type Column, tableLines } from '../table.ts'
import type { Terminal } from '../terminal.ts'
import type { CheckResult } from './check-result.ts'
import { shownPlace } from './shown-path.ts'

const columns: readonly Column<Outgoing>[] = [
  { title: 'NAME', text: ({ name }) => name },
  { title: 'METHOD', text: ({ method }) => method.toUpperCase(), givesWay: 1 },
  { title: 'OF', text: ({ operation, kind }) => (operation === '' ? kind : operation), givesWay: 2 },
  { title: 'AT', text: ({ key }) => shownPlace(key), givesWay: 3 },
  { title: 'URL', text: ({ kind, key }) => (kind === 'webhook' ? '-' : key.text) },
]

/** What `ringback check` prints of one document. */
export function checkLines({ location, checked, fixed }: CheckResult, terminal: Terminal): string[] {
  if (checked === undefined) return []
  const { outgoing, diagnostics } = checked
  return [
    terminal.color('bold', escapeControls(location)),
    ...(outgoing.length === 0 ? [] : tableLines(columns, outgoing, terminal)),
    ...fixed.flatMap(({ place, before, after }) => [
      '',
      `${place}  ${terminal.color('green', 'mended')}`,
      escapeControls(`  ${before} is now ${after}`),
    ]),
    ...diagnostics.flatMap(diagnostic => ['', ...diagnosticLines(diagnostic, terminal)]),
    '',
    summary(checked),
  ]
}

function diagnosticLines({ code, range, message, remedy }: Diagnostic, terminal: Terminal): string[] {
  const level = levelOf(code)
  return [
    `${escapeControls(shownPlace(range))}  ${terminal.color(level === 'error' ? 'red' : 'yellow', `${level} ${code}`)}`,
    `  ${escapeControls(message)}`,
    `  ${escapeControls(remedy)}`,
  ]
}

function summary({ outgoing, diagnostics }: CheckedDocument): string {
  const webhooks = outgoing.filter(({ kind }) => kind === 'webhook').length
  const errors = diagnostics.filter(({ code }) => levelOf(code) === 'error').length
  const notes = diagnostics.length - errors
  const counts = [
    counted(outgoing.length - webhooks, 'callback'),
    ...(webhooks > 0 ? [counted(webhooks, 'webhook')] : []),
    counted(errors, 'mistake'),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
  ]
  return counts.join(', ')
}
