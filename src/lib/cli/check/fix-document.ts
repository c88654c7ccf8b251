import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { CheckedDocument } from '../../document/check/check-document.ts'
import type { SourceEdit } from '../../document/diagnostic.ts'
import { applyEdits } from '../../document/source/apply-edits.ts'
import type { SourceFile } from '../../document/source/source-file.ts'
import { CommandError } from '../command-error.ts'
import { printNote } from '../terminal.ts'
import { shownPath, shownPlace } from './shown-path.ts'

/** A key that was written anew. */
export interface Fixed {
  /** `api.yaml:12:7` */
  readonly place: string
  readonly file: SourceFile
  readonly before: string
  readonly after: string
}

/** Writes every correction that is certain into its file; the rest of the files stays byte for byte. */
export async function fixDocument({ diagnostics }: CheckedDocument): Promise<Fixed[]> {
  const edits = diagnostics.flatMap(({ correction }) => correction?.edit ?? [])
  const fixed: Fixed[] = []
  for (const [file, ofFile] of Map.groupBy(edits, ({ range }) => range.file)) {
    if (!file.url.startsWith('file:')) {
      printNote(`Nothing is written to "${file.url}": only files can be mended`)
      continue
    }
    const certain = withoutContradictions(ofFile)
    await rewrite(file, applyEdits(file.text, certain))
    for (const { range, text } of certain)
      fixed.push({ place: shownPlace(range), file, before: file.text.slice(range.start, range.end), after: text })
  }
  return fixed
}

/** A callback that two operations share may be mended in one way only. */
function withoutContradictions(edits: readonly SourceEdit[]): SourceEdit[] {
  return [...Map.groupBy(edits, ({ range }) => range.start).values()].flatMap(([first, ...others]) =>
    first !== undefined && others.every(({ text }) => text === first.text) ? [first] : [],
  )
}

/** In place, so that links, owner and permissions of the file stay; not if somebody has changed it meanwhile. */
async function rewrite(file: SourceFile, text: string): Promise<void> {
  const path = fileURLToPath(file.url)
  try {
    await using handle = await open(path, 'r+')
    if (!(await handle.readFile()).equals(Buffer.from(file.text)))
      throw new CommandError(`"${shownPath(file.url)}" has changed since it was read: run the command again`)
    const bytes = Buffer.from(text)
    await handle.write(bytes, 0, bytes.length, 0)
    await handle.truncate(bytes.length)
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`"${shownPath(file.url)}" cannot be written: ${(error as Error).message}`)
  }
}
