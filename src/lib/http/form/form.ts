/** One part of a form, in the order in which the parts came: a name may come more than once. */
export interface FormPart {
  readonly name: string
  /** Text, or what a file input sent. */
  readonly value: string | File
}

/** The parts of a form by their names. */
export type FormFields = Readonly<Record<string, string | File | readonly (string | File)[] | undefined>>

/** What a form may hold; beyond it the response is 413. */
export interface FormLimits {
  /** Parts that are text. Default: 1,000. */
  readonly maxFields?: number
  /** Parts that are files. Default: 100. */
  readonly maxFiles?: number
  /**
   * The bytes of a part that is text. All of them together may have 1 MiB, or this where it is more; files have the limit
   * of the body only. Default: 1,048,576 (1 MiB).
   */
  readonly maxPartBytes?: number
}

/** The limits with their defaults. */
export const formLimits = ({
  maxFields = 1_000,
  maxFiles = 100,
  maxPartBytes = 1_048_576,
}: FormLimits = {}): Required<FormLimits> => ({ maxFields, maxFiles, maxPartBytes })

/** The parts under their names, which may be any text: `__proto__` is a name as any other. */
export function formFields(parts: readonly FormPart[]): FormFields {
  const values = new Map<string, (string | File)[]>()
  for (const { name, value } of parts) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  // `fromEntries` makes an own property of "__proto__" too.
  return Object.fromEntries([...values].map(([name, list]) => [name, list.length === 1 ? list[0] : list] as const))
}
