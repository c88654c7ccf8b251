import type { WholeBodyFormat } from '../../http/body/body-format.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import type { Validated } from '../../schema/issue.ts'
import type { Schema } from '../../schema/schema.ts'

/** How content that is not plain JSON travels. */
export type Content =
  | {
      readonly format: WholeBodyFormat
      /** JSON of another media type: the schema of what it holds. */
      readonly schema?: Schema
      readonly stream?: undefined
      readonly file?: undefined
    }
  /** A streamed body: each item has this schema; without one, items are bytes or text. */
  | { readonly stream: StreamFormat; readonly item: Schema | undefined; readonly file?: undefined }
  /** A file of this media type, or of one in this range of them. */
  | { readonly file: string; readonly stream?: undefined }

/** A schema of content that is not plain JSON. It can be used wherever the schema of a body or a response can. */
export interface ContentSchema<I, O = I, M extends string = string> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'ringback'
    readonly types?: { readonly input: I; readonly output: O } | undefined
    readonly validate: (value: unknown) => Validated
    readonly jsonSchema: {
      readonly input: () => Record<string, unknown>
      readonly output: () => Record<string, unknown>
    }
  }
  readonly '~content': Content
  /** Only a type: under which media type the content is chosen. */
  readonly '~mediaType'?: M
}

/** The parts of a content schema. */
interface ContentParts {
  readonly content: Content
  readonly jsonSchema: Readonly<Record<string, unknown>>
  /** The mistake in a value, or undefined. */
  readonly fault: (value: unknown) => string | undefined
}

export function contentSchema<I, O = I, M extends string = string>({
  content,
  jsonSchema,
  fault,
}: ContentParts): ContentSchema<I, O, M> {
  const validate = (value: unknown): Validated => {
    const message = fault(value)
    return message === undefined ? { value } : { issues: [{ message }] }
  }
  const described = () => structuredClone(jsonSchema)
  return Object.freeze<ContentSchema<I, O, M>>({
    '~standard': { version: 1, vendor: 'ringback', validate, jsonSchema: { input: described, output: described } },
    '~content': content,
  })
}

/** The content that a schema describes; undefined for plain JSON. */
export const contentOf = (schema: Schema | undefined): Content | undefined =>
  (schema as { readonly '~content'?: Content } | undefined)?.['~content']
