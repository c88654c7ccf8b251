import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { ImportedEndpoint } from '../../delivery/endpoints/endpoint.ts'
import { CommandError } from '../command-error.ts'
import { printJson, printLines, printNote } from '../terminal.ts'
import { type EndpointsOptions, ofOwner, withEndpoints } from './with-endpoints.ts'

/** `ringback endpoints import` */
export async function importEndpoints(file: string, options: EndpointsOptions): Promise<void> {
  const counts = await withEndpoints(options, ({ endpoints }) => endpoints.import(importedLines(file)))
  if (options.json) printJson(counts)
  else printLines([`Created ${counts.created}, unchanged ${counts.unchanged}`])
}

/** `ringback endpoints export` */
export async function exportEndpoints(options: EndpointsOptions & { readonly secrets?: boolean }): Promise<void> {
  const of = ofOwner(options)
  let count = 0
  await withEndpoints(options, async ({ endpoints }) => {
    for await (const endpoint of endpoints.export({ ...of, secrets: options.secrets ?? false })) {
      printLines([JSON.stringify(endpoint)])
      count++
    }
  })
  if (count === 0) printNote('No endpoints')
}

/** The most characters of a line: everything that an endpoint may have is far shorter. */
const longestLine = 262_144

async function* importedLines(file: string): AsyncGenerator<ImportedEndpoint> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  input.on('error', () => {})
  let number = 0
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (line.trim() !== '') yield importedLine(line, number)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new CommandError(`There is no file "${file}"`)
  }
}

/** Only the dates are read here; the import checks everything. */
function importedLine(line: string, number: number): ImportedEndpoint {
  const parsed = line.length > longestLine ? undefined : parsedObject(line)
  if (parsed === undefined) throw new CommandError(`Line ${number} is not a JSON object; nothing after it was imported`)
  const { createdAt, secrets } = parsed
  return {
    ...parsed,
    ...(createdAt !== undefined && { createdAt: new Date(String(createdAt)) }),
    ...(Array.isArray(secrets) && { secrets: secrets.map(secretOf) }),
  } as object as ImportedEndpoint
}

function secretOf(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('expiresAt' in given)) return given
  return { ...given, expiresAt: new Date(String(given.expiresAt)) }
}

function parsedObject(line: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(line)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  } catch {
    // Told by the caller
  }
  return undefined
}
