import { readFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { parse } from 'yaml'
import type { OpenApiDocument } from '../../openapi/create-document.ts'
import { CommandError } from '../command-error.ts'
import { printLines, printNote } from '../terminal.ts'
import { documentText, writeDocument } from './document-text.ts'
import { inOrderOf } from './in-order-of.ts'
import { lineDifference } from './line-difference.ts'
import { loadApp } from './load-app.ts'
import { loadEnvironment } from './load-environment.ts'

/** The options of `ringback openapi`. */
export interface OpenapiOptions {
  readonly yaml?: boolean
  readonly output?: string
  readonly check?: string
  readonly envFile?: string
}

/** Prints the document of an application, writes it to a file, or compares it with one. */
export async function openapiDocument(file: string, options: OpenapiOptions): Promise<void> {
  const { yaml, output, check, envFile } = options
  loadEnvironment(envFile)
  // What an application says while it is loaded is not part of its document.
  console.log = console.info = console.debug = console.error
  const document = (await loadApp(file)).openapi()
  const asYaml = yaml ?? /\.ya?ml$/i.test(output ?? check ?? '')
  const write = (one: OpenApiDocument) => documentText(one, asYaml)
  if (check !== undefined) return checkDocument(check, document, write)
  if (output === undefined) process.stdout.write(write(document))
  else await writeDocument(output, write(document))
}

/** What the files say is compared, and not how they are laid out. */
async function checkDocument(path: string, document: OpenApiDocument, write: (one: OpenApiDocument) => string) {
  const known = await readDocument(path)
  // What JSON cannot hold, as a property that is undefined, is in no file.
  const now: OpenApiDocument = JSON.parse(JSON.stringify(document))
  if (isDeepStrictEqual(known, now)) return printNote(`"${path}" is up to date`)
  printLines(lineDifference(write(inOrderOf(now, known)), write(now)))
  throw new CommandError(`The document has changed since "${path}" was written: write it anew with --output ${path}`)
}

async function readDocument(path: string): Promise<OpenApiDocument> {
  try {
    return parse(await readFile(path, 'utf8'))
  } catch (error) {
    const [reason] = (error as Error).message.split('\n')
    throw new CommandError(`The document "${path}" cannot be read: ${reason}`)
  }
}
