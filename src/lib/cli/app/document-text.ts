import { writeFile } from 'node:fs/promises'
import type { OpenApiDocument } from '../../openapi/create-document.ts'
import { documentYaml } from '../../openapi/document-yaml.ts'
import { CommandError } from '../command-error.ts'

/** A document as a command prints it, or writes it to a file. */
export const documentText = (document: OpenApiDocument, asYaml: boolean): string =>
  asYaml ? documentYaml(document) : `${JSON.stringify(document, null, 2)}\n`

/** Writes it where the user said; the reason why that failed ends the command. */
export async function writeDocument(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (error) {
    throw new CommandError(`The document cannot be written to "${path}": ${(error as Error).message}`)
  }
}
