import type { Diagnostic } from '../diagnostic.ts'
import type { Reference } from '../reading/reference.ts'
import { addressOf, type SourceDocument } from '../reading/source-document.ts'

/** Says of a reference that leads nowhere what the reader has said of it, or of another one to the same file. */
export function lostReference(document: SourceDocument, reference: Reference): Diagnostic {
  const told = (one: Reference) => document.diagnostics.find(({ range }) => range === one.value)
  const address = addressOf(reference.text, reference.owner.file.url)
  const all = [...new Set(document.files.values())].flatMap(({ references }) => references)
  const twins = all.filter(one => addressOf(one.text, one.owner.file.url) === address)
  const reason = told(reference) ?? twins.map(told).find(found => found !== undefined && ofFiles.has(found.code))
  return {
    code: reason?.code ?? 'reference-not-found',
    range: reference.value,
    message: reason?.message ?? `"${reference.text}" leads nowhere`,
    remedy: reason?.remedy ?? 'Correct the reference, or define what it leads to',
  }
}

const ofFiles: ReadonlySet<string> = new Set(['reference-not-followed', 'reference-unreadable'])
