/** The names in the path template of an operation: `'/a/{id}/{rest*}'` gives `'id' | 'rest'`. */
export type TemplateNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Stem}*` ? Stem : Name) | TemplateNames<Rest>
  : never

/** What the path template alone says of its parameters: each of its names is text. */
export type TemplateParams<Path extends string> = { readonly [Name in TemplateNames<Path>]: string }
