/**
 * The names in the path template of an operation: `'/a/{id}/{rest*}'` gives `'id' | 'rest'`; a path that is only known at
 * run time may have any.
 */
export type TemplateNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Stem}*` ? Stem : Name) | TemplateNames<Rest>
  : string extends Path
    ? string
    : never

/** What the path template alone says of its parameters: each of its names is text. */
export type TemplateParams<Path extends string> = { readonly [Name in TemplateNames<Path>]: string }
