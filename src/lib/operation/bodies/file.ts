import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { isMediaType, mediaTypeEssence } from '../../http/media-type.ts'
import type { Validated } from '../../schema/issue.ts'
import type { ContentSchema } from './content-schema.ts'

/** What a file must be. */
export interface FileOptions {
  /** Its largest size. Default: that of the body. */
  readonly maxBytes?: number
  /** The media types that it may have, such as `image/png`, or `image/*` for all of a kind. Default: any. */
  readonly mediaTypes?: readonly string[]
}

/** The schema that `file` gives; TypeBox takes it as a type. */
export interface FileSchema {
  readonly '~standard': ContentSchema<File>['~standard']
  /** Only a type: what TypeBox infers. */
  readonly '~unsafe': File
}

const OPTION_NAMES: Readonly<Record<keyof FileOptions, true>> = { maxBytes: true, mediaTypes: true }

/**
 * A file in a form, for a library that has none of its own: it can stand wherever TypeBox takes a type. The media type is
 * what the client says, and proves nothing about the bytes. Throws a `DefinitionError` for an invalid option.
 *
 * @example
 * ```ts
 * import { file, form, Ringback } from 'ringback'
 * import { typebox } from 'ringback/typebox'
 * import Type from 'typebox'
 *
 * const app = new Ringback({ title: 'Photos', version: '1.0.0' })
 * const Photo = typebox(Type.Object({ image: file({ maxBytes: 1_000_000, mediaTypes: ['image/*'] }) }))
 * app.post('/photos', { body: form(Photo), response: typebox(Type.String()) }, ({ body }) => body.image.name)
 *
 * const photo = new FormData()
 * photo.set('image', new File(['…'], 'harbour.png', { type: 'image/png' }))
 * const response = await app.fetch(new Request('http://localhost/photos', { method: 'POST', body: photo }))
 * console.log(await response.json()) // harbour.png
 * ```
 */
export function file(options: FileOptions = {}): FileSchema {
  checkOptions(options)
  const fault = (value: unknown): string | undefined => faultIn(value, options)
  const validate = (value: unknown): Validated => {
    const message = fault(value)
    return message === undefined ? { value } : { issues: [{ message }] }
  }
  const described = () => ({ type: 'string', ...keywordsOf(options) })
  // What TypeBox reads: without a type, since a file is none of JSON's.
  const schema = keywordsOf(options)
  return Object.defineProperties(schema, {
    '~standard': {
      value: { version: 1, vendor: 'ringback', validate, jsonSchema: { input: described, output: described } },
    },
    '~refine': { value: [{ check: (value: unknown) => fault(value) === undefined, error: fault }] },
  }) as unknown as FileSchema
}

function faultIn(value: unknown, { maxBytes, mediaTypes }: FileOptions): string | undefined {
  if (!(value instanceof File)) return 'It must be a file'
  if (maxBytes !== undefined && value.size > maxBytes) return `It must not be larger than ${maxBytes} bytes`
  if (mediaTypes === undefined || mediaTypes.some(type => isOfType(value.type, type))) return undefined
  return `It must be ${mediaTypes.join(' or ')}, not "${value.type}"`
}

function isOfType(contentType: string, expected: string): boolean {
  const essence = mediaTypeEssence(contentType)
  return expected.endsWith('/*') ? essence.startsWith(expected.slice(0, -1)) : essence === expected.toLowerCase()
}

const keywordsOf = ({ maxBytes, mediaTypes = [] }: FileOptions): Record<string, unknown> => ({
  format: 'binary',
  ...(maxBytes !== undefined && { maxLength: maxBytes }),
  ...(mediaTypes.length === 1 && { contentMediaType: mediaTypes[0] }),
  ...(mediaTypes.length > 1 && { anyOf: mediaTypes.map(type => ({ contentMediaType: type })) }),
})

function checkOptions(options: FileOptions): void {
  checkNames(options, OPTION_NAMES, 'the options of "file"')
  const { maxBytes, mediaTypes } = options
  if (maxBytes !== undefined && !(Number.isSafeInteger(maxBytes) && maxBytes >= 0))
    throw new DefinitionError(`"maxBytes" of a file is ${quoted(maxBytes)}: give a whole number, 0 or more`)
  if (mediaTypes === undefined) return
  if (!Array.isArray(mediaTypes) || mediaTypes.length === 0)
    throw new DefinitionError('"mediaTypes" of a file must be a list of media types: leave it out for any')
  for (const type of mediaTypes as readonly unknown[])
    if (typeof type !== 'string' || !isMediaType(type.replace(/\/\*$/, '/any')))
      throw new DefinitionError(`"mediaTypes" of a file contains ${quoted(type)}: give media types such as "image/png"`)
}
