import type { Misspelt } from './compile-misspelt.ts'
import { confirm, faint, heading, say, show, showCode, title } from './screen.ts'

/** Step 5: the compiler knows the names of the parameters. */
export async function showMisspelling(compiled: Promise<Misspelt>): Promise<void> {
  heading('5. A misspelt parameter')
  const { line, lineNumber, place, reason, frame } = await compiled
  say(`A copy of examples/invoices.ts with one letter missing, on line ${lineNumber}:`)
  showCode([line])
  say('The TypeScript compiler refuses it. The last line of its message, the long type at its beginning left out:')
  show([place])
  say(withoutType(reason), title)
  show(frame.map(marked))
  confirm('The mistake is found before the program runs.')
}

/** `Type '…' is not assignable to type '"…"'.`, where the first type is that of the whole callback. */
const withoutType = (reason: string): string => reason.replace(/^Type '.*' (?=is not assignable)/, "Type '…' ")

const marked = (line: string): string => (/^[\s~]+$/.test(line) ? line : faint(line))
