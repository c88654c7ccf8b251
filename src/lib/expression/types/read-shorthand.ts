import type { HeaderKey } from './header-key.ts'
import type { Listed } from './listed.ts'
import type { TypeExchange } from './type-exchange.ts'
import type { KnownNames, Leaf, ValueAt } from './value.ts'
import type { Wrong } from './verdict.ts'

/**
 * The verdict on `$name`: the one path, query or header parameter of that name. The twin of `resolveShorthand`; the first
 * branches are the common cases, a name that stands in one place only.
 */
export type ReadShorthand<Name extends string, Exchange extends TypeExchange> = Name extends keyof Exchange['query']
  ? string extends keyof Exchange['query']
    ? Search<Name, Exchange>
    : Lowercase<Name> extends Lowercase<(keyof Exchange['params'] | keyof Exchange['headers']) & string>
      ? Search<Name, Exchange>
      : Leaf<Exchange['query'][Name], `query parameter "${Name}"`>
  : Name extends keyof Exchange['params']
    ? string extends keyof Exchange['params']
      ? Search<Name, Exchange>
      : Lowercase<Name> extends Lowercase<keyof Exchange['headers'] & string>
        ? Search<Name, Exchange>
        : Leaf<Exchange['params'][Name], `path parameter "${Name}"`>
    : Search<Name, Exchange>

type Search<Name extends string, Exchange extends TypeExchange> = Found<
  Name,
  Exchange,
  | (Name extends KnownNames<Exchange['query']> ? 'query' : never)
  | (Name extends KnownNames<Exchange['params']> ? 'path' : never)
  | ([HeaderKey<Exchange['headers'], Name>] extends [never] ? never : 'header')
>

type Found<Name extends string, Exchange extends TypeExchange, In extends string> = [In] extends [never]
  ? NotFound<Name, Exchange>
  : [In] extends ['query']
    ? Leaf<ValueAt<Exchange['query'], Name>, `query parameter "${Name}"`>
    : [In] extends ['path']
      ? Leaf<ValueAt<Exchange['params'], Name>, `path parameter "${Name}"`>
      : [In] extends ['header']
        ? Leaf<ValueAt<Exchange['headers'], HeaderKey<Exchange['headers'], Name>>, `header "${Name}"`>
        : Wrong<`"$${Name}" is declared more than once; write ${Forms<In, Name, HeaderKey<Exchange['headers'], Name>>}`>

type NotFound<Name extends string, Exchange extends TypeExchange> = unknown extends
  | Exchange['query']
  | Exchange['params']
  | Exchange['headers']
  ? 'maybe'
  : Wrong<`no path, query or header parameter "${Name}"; declared: ${Listed<KnownNames<Exchange['params']> | KnownNames<Exchange['query']> | KnownNames<Exchange['headers']>>}`>

type Forms<
  In extends string,
  Name extends string,
  Header extends string,
> = `${'query' extends In ? `$request.query.${Name} or ` : ''}${'path' extends In ? `$request.path.${Name}${'header' extends In ? ' or ' : ''}` : ''}${'header' extends In ? `$request.header.${Header}` : ''}`
