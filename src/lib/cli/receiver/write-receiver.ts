import { type CheckedDocument, checkDocument } from '../../document/check/check-document.ts'
import { levelOf } from '../../document/diagnostic-codes.ts'
import { wholeDocument } from '../../document/whole/whole-document.ts'
import { escapeControls } from '../../log/escape-controls.ts'
import { receiverDocument } from '../../openapi/receiver/receiver-document.ts'
import { documentText, writeDocument } from '../app/document-text.ts'
import { type DocumentOptions, openDocument } from '../check/open-document.ts'
import { shownPlace } from '../check/shown-path.ts'
import { CommandError } from '../command-error.ts'
import { counted } from '../counted.ts'
import { printNote } from '../terminal.ts'

/** The options of `ringback receiver`. */
export interface ReceiverOptions extends DocumentOptions {
  readonly operation?: string
  readonly callback?: string
  readonly as: 'paths' | 'webhooks'
  readonly yaml?: boolean
  readonly output?: string
}

/** `ringback receiver` */
export async function writeReceiver(location: string, options: ReceiverOptions): Promise<void> {
  const { operation: operationId, callback, as, yaml, output } = options
  const source = await openDocument(location, options)
  const { document, faults } = wholeDocument(source)
  tellFaults(faults)
  if (faults.length > 0) throw new CommandError(`The document "${location}" is not whole: mend what is named above`)
  const chosen = { ...(operationId !== undefined && { operationId }), ...(callback !== undefined && { callback }) }
  const receiver = receiverDocument(document, { ...chosen, as })
  if (Object.keys(receiver[as] ?? {}).length === 0)
    throw new CommandError(`The document "${location}" has no callbacks and no webhooks`)
  const text = documentText(receiver, yaml ?? /\.ya?ml$/i.test(output ?? ''))
  if (output === undefined) process.stdout.write(text)
  else await writeDocument(output, text)
  tellMistakes(location, checkDocument(source))
}

function tellFaults(faults: CheckedDocument['diagnostics']): void {
  // One file that is not read may be meant a hundred times
  const distinct = new Map(faults.toReversed().map(fault => [fault.message, fault]))
  for (const { range, message, remedy } of [...distinct.values()].toReversed())
    printNote(escapeControls(`${shownPlace(range)}: ${message}. ${remedy}`))
}

/** A misspelt key gives a receiver all the same, which may lack a value of its path. */
function tellMistakes(location: string, { diagnostics }: CheckedDocument): void {
  const mistakes = diagnostics.filter(({ code }) => levelOf(code) === 'error').length
  if (mistakes > 0)
    printNote(
      escapeControls(
        `${counted(mistakes, 'mistake')} found in the document: "ringback check ${location}" tells of them`,
      ),
    )
}
