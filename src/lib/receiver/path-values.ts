type LastOf<Text extends string, Mark extends string> = Text extends `${string}${Mark}${infer Rest}`
  ? LastOf<Rest, Mark>
  : Text

type NameOf<Expression extends string> = Expression extends `${string}#/${infer Pointer}`
  ? LastOf<Pointer, '/'>
  : Expression extends `$${infer Text}`
    ? LastOf<Text, '.'>
    : Expression

type NamesIn<Path extends string> = Path extends `${string}{${infer Expression}}${infer Rest}`
  ? NameOf<Expression> | NamesIn<Rest>
  : never

type BehindBase<Url extends string> = Url extends `{${string}}${infer Rest}`
  ? Rest
  : Url extends `${string}://${string}/${infer Rest}`
    ? Rest
    : ''

type BeforeQuery<Rest extends string> = Rest extends `${infer Path}?${string}` ? Path : Rest

/**
 * The path values of a callback's URL, named after the last part of what each expression reads:
 * `{$callback_url}/invoices/{$request.body.id}` has `id`.
 */
export type PathValues<Url extends string> = string extends Url
  ? Readonly<Record<string, string>>
  : { readonly [Name in NamesIn<BeforeQuery<BehindBase<Url>>>]: string }
