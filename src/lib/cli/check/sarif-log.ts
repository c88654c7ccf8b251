import type { Diagnostic } from '../../document/diagnostic.ts'
import { diagnosticCodes, levelOf } from '../../document/diagnostic-codes.ts'
import type { SourceRange } from '../../document/source/source-node.ts'
import { packageVersion } from '../package-version.ts'
import type { CheckResult } from './check-result.ts'
import { shownUri } from './shown-path.ts'

const codes = Object.keys(diagnosticCodes)

/** The Static Analysis Results Interchange Format 2.1.0 of OASIS, which code hosts show beside the lines. */
export function sarifLog(results: readonly CheckResult[]): object {
  const unreadable = results.flatMap(result => result.unreadable ?? [])
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ringback', version: packageVersion(), rules: codes.map(rule) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: unreadable.length === 0,
            toolExecutionNotifications: unreadable.map(text => ({ level: 'error', message: { text } })),
          },
        ],
        results: results.flatMap(({ checked }) => checked?.diagnostics ?? []).map(result),
      },
    ],
  }
}

function rule(id: string): object {
  const [level, about] = diagnosticCodes[id as keyof typeof diagnosticCodes]
  return { id, shortDescription: { text: about }, defaultConfiguration: { level } }
}

function result({ code, range, message, remedy, correction }: Diagnostic): object {
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levelOf(code),
    message: { text: `${message}. ${remedy}.` },
    locations: [{ physicalLocation: { artifactLocation: artifact(range), region: region(range) } }],
    ...(correction?.edit && {
      fixes: [
        {
          description: { text: `Write ${correction.text}` },
          artifactChanges: [
            {
              artifactLocation: artifact(range),
              replacements: [
                { deletedRegion: region(correction.edit.range), insertedContent: { text: correction.edit.text } },
              ],
            },
          ],
        },
      ],
    }),
  }
}

const artifact = ({ file }: SourceRange): object => ({ uri: shownUri(file.url) })

function region({ file, start, end }: SourceRange): object {
  const from = file.placeAt(start)
  const to = file.placeAt(Math.max(start, end))
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column }
}
