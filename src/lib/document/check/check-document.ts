import { type FoundOutgoing, findOutgoing } from '../callbacks/find-outgoing.ts'
import type { Outgoing } from '../callbacks/outgoing.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { levelOf } from '../diagnostic-codes.ts'
import type { SourceDocument } from '../reading/source-document.ts'
import { checkKey } from './keys/check-key.ts'

/** What is found in a document. */
export interface CheckedDocument {
  readonly outgoing: readonly Outgoing[]
  /** In the order of files and places; a callback that several operations share is told of once for each mistake. */
  readonly diagnostics: readonly Diagnostic[]
  /** Whether there is nothing but notes. */
  readonly passes: boolean
}

/** Finds the callbacks and webhooks of a document, and every mistake in them and on the way to them. */
export function checkDocument(document: SourceDocument): CheckedDocument {
  const diagnostics: Diagnostic[] = [...document.diagnostics]
  const found: FoundOutgoing = findOutgoing(document, diagnostic => diagnostics.push(diagnostic))
  for (const key of found.keys) diagnostics.push(...checkKey(document, key))
  const told = distinct(diagnostics)
  return {
    outgoing: found.outgoing,
    diagnostics: told,
    passes: told.every(({ code }) => levelOf(code) === 'note'),
  }
}

function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const byPlace = new Map(diagnostics.map(one => [keyOf(one), one]))
  return [...byPlace.values()].toSorted(
    ({ range: a }, { range: b }) => compare(a.file.url, b.file.url) || a.start - b.start,
  )
}

const keyOf = ({ code, range, message }: Diagnostic): string =>
  JSON.stringify([range.file.url, range.start, code, message])

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
