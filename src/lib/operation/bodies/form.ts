import { checkNames } from '../../definition/check-names.ts'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { type FormLimits, formLimits } from '../../http/form/form.ts'
import type { Schema, WrappedSchema } from '../../schema/schema.ts'
import type { Content } from './content-schema.ts'

/** The schema that `form` gives. */
export interface FormSchema<S extends Schema> extends WrappedSchema<S> {
  readonly '~content': Content
}

const LIMIT_NAMES: Readonly<Record<keyof FormLimits, true>> = { maxFields: true, maxFiles: true, maxPartBytes: true }

/**
 * The body of a form, by one object schema of its fields: `multipart/form-data` where the schema holds files, else that or
 * `application/x-www-form-urlencoded`. Fields are read as query parameters are: as numbers, booleans, lists by
 * repetition. A file is a web `File` (`z.file()`, `v.file()`, `File` of ArkType, `file()` for TypeBox). A large one stands
 * on the disk until the response has been sent; then it can be read no more. An input that nobody has filled in counts as
 * left out: a file input without a file, and an empty text where the schema takes no empty text.
 *
 * Where the schema holds files, the default of `bodyLimitBytes` is 33,554,432 (32 MiB). Throws a `DefinitionError` for an
 * invalid limit.
 *
 * @example
 * ```ts
 * import { form, Ringback } from 'ringback'
 * import { z } from 'zod'
 *
 * const app = new Ringback({ title: 'Photos', version: '1.0.0' })
 * const Photo = form(z.object({ title: z.string(), stars: z.int().default(0), image: z.file().mime('image/png') }))
 * app.post('/photos', { body: Photo, response: z.string() }, async ({ body }) => {
 *   const bytes = await body.image.bytes()
 *   return `${body.title}, ${body.stars} stars, ${bytes.length} bytes`
 * })
 *
 * const photo = new FormData()
 * photo.set('title', 'Harbour')
 * photo.set('stars', '5')
 * photo.set('image', new File([new Uint8Array(3)], 'harbour.png', { type: 'image/png' }))
 * const response = await app.fetch(new Request('http://localhost/photos', { method: 'POST', body: photo }))
 * console.log(await response.json()) // Harbour, 5 stars, 3 bytes
 * ```
 */
export function form<S extends Schema>(schema: S, limits: FormLimits = {}): FormSchema<S> {
  checkNames(limits, LIMIT_NAMES, 'the limits of "form"')
  const all = formLimits(limits)
  for (const [name, limit] of Object.entries(all))
    if (!(Number.isSafeInteger(limit) && limit >= 0))
      throw new DefinitionError(`"${name}" of a form is ${quoted(limit)}: give a whole number, 0 or more`)
  return Object.freeze({
    '~standard': schema['~standard'],
    '~wraps': schema,
    '~content': { form: all },
  })
}
