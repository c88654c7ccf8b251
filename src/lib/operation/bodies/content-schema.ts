import type { ReadFormat, WholeBodyFormat } from '../../http/body/body-format.ts'
import type { StreamFormat } from '../../http/body/stream-format.ts'
import type { FormLimits } from '../../http/form/form.ts'
import type { Validated } from '../../schema/issue.ts'
import type { Schema } from '../../schema/schema.ts'

/** How content that is not plain JSON travels. */
export type Content =
  | ({
      readonly format: WholeBodyFormat
      /** It is JSON under another media type. */
      readonly isJson?: true
    } & Without<'stream' | 'file' | 'form' | 'oneOf'>)
  /** A streamed body: each item has this schema; without one, items are bytes or text. */
  | ({
      readonly stream: StreamFormat
      readonly item: Schema | undefined
      /** How it is read as the body of a request. */
      readonly read?: ReadFormat
    } & Without<'format' | 'file' | 'form' | 'oneOf' | 'isJson'>)
  /** A file of this media type, or of one in this range of them, which only a response can be. */
  | ({ readonly file: string } & Without<'format' | 'stream' | 'form' | 'oneOf' | 'isJson'>)
  /** A form, which only the body of a request can be. */
  | ({ readonly form: Required<FormLimits> } & Without<'format' | 'stream' | 'file' | 'oneOf' | 'isJson'>)
  /** One of several bodies of a request, chosen by its media type. */
  | ({ readonly oneOf: readonly Schema[] } & Without<'format' | 'stream' | 'file' | 'form' | 'isJson'>)

type Without<K extends string> = { readonly [P in K]?: undefined }

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
