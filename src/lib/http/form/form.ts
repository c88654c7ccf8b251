/** One part of a form, in the order in which the parts came: a name may come more than once. */
export interface FormPart {
  readonly name: string
  /** Text, or what a file input sent; a large file stands on the disk until `remove`. */
  readonly value: string | File
}

/** A form that was read. */
export interface Form {
  readonly parts: readonly FormPart[]
  /** Removes what stands on the disk: its files can be read no more. */
  remove(): Promise<void>
}

/** What a form may hold; each has its default. */
export interface FormLimits {
  /** Parts that are text. Default: 1,000. */
  readonly maxFields?: number
  /** Parts that are files. Default: 100. */
  readonly maxFiles?: number
  /** The bytes of a part that is text; files have the limit of the body only. Default: 1,048,576 (1 MiB). */
  readonly maxPartBytes?: number
}

/** The limits with their defaults. */
export const formLimits = ({ maxFields = 1_000, maxFiles = 100, maxPartBytes = 1_048_576 }: FormLimits = {}) => ({
  maxFields,
  maxFiles,
  maxPartBytes,
})
