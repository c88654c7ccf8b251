import { DocumentError } from '../../document/reading/document-error.ts'
import { readDocument } from '../../document/reading/read-document.ts'
import type { SourceDocument } from '../../document/reading/source-document.ts'
import { CommandError } from '../command-error.ts'

/** What every command takes that reads a document. */
export interface DocumentOptions {
  readonly allowRef?: readonly string[]
}

/** Reads the document of a command; one that cannot be read ends the command with exit code 2. */
export async function openDocument(location: string, { allowRef = [] }: DocumentOptions): Promise<SourceDocument> {
  try {
    return await readDocument(location, { allowedReferences: allowRef })
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    throw new CommandError(`The document "${location}" cannot be read: ${error.message}`, 2)
  }
}
