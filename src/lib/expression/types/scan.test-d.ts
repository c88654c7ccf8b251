import type { TemplateNames, TemplateParams } from './path-template.ts'
import type { Scan } from './scan.ts'
import type { TypeExchange } from './type-exchange.ts'
import type { Complaint } from './verdict.ts'

// Compiles, or the types are wrong: nothing runs here.

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(equal: Same<A, B>): void

interface Operation extends TypeExchange {
  readonly params: { readonly id: string; readonly both: string }
  readonly query: {
    callback_url?: string
    page: number
    both: string
    tags: string[]
    back: string | null
    whatever: unknown
    untyped: ReturnType<typeof JSON.parse>
    'filter[a].b': 'x' | 'y'
    'x-twin': string
  }
  readonly headers: { 'X-Callback': string; 'x-tenant'?: string; 'X-Twin': string; both: string }
  readonly body: {
    id: string
    title?: string
    nothing: null
    total: number | bigint
    'a.b': { c: string }
    'c/d': string
    'e~f': boolean
    length: string
    lines: { url: string; price?: number }[]
    pair: [string, { url: string }]
    either: { kind: 'a'; a: string } | { kind: 'b'; b: string }
    mixed: string[] | { url: string }
    maybe?: { deep: string; deeper?: { deepest: string } }
    record: Record<string, string>
    objects: Record<string, { url: string }>
    loose: { known: string; [name: string]: unknown }
    anything: unknown
  }
  readonly responseBody: { id: string; later?: string; nullable: string | null; list: string[] }
  readonly responseHeaders: { Location: string; etag?: string }
}

type V<Url extends string> = Scan<Url, Operation>
type C<Url extends string> = Complaint<V<Url>>

// Presence
same<V<'{$url}'>, 'always'>(true)
same<V<'{$method}'>, 'always'>(true)
same<V<'{$request.query.page}'>, 'always'>(true)
same<V<'$request.query.page'>, 'always'>(true)
same<V<'{$request.query.callback_url}'>, 'maybe'>(true)
same<V<'{$request.query.back}'>, 'maybe'>(true)
same<V<'{$request.query.whatever}'>, 'maybe'>(true)
same<V<'{$request.query.untyped}'>, 'maybe'>(true)
same<V<'{$request.query.filter[a].b}'>, 'always'>(true)
same<V<'{$request.path.id}'>, 'always'>(true)
same<V<'{$callback_url}/invoices/{$request.body.id}'>, 'always' | 'maybe'>(true)
same<V<'https://x.example/{$id}?p={$page}'>, 'always'>(true)
same<V<'https://x.example/'>, 'always'>(true)
same<V<string>, 'maybe'>(true)

// Headers and shorthand without regard to case, declared in any case
same<V<'{$request.header.x-callback}'>, 'always'>(true)
same<V<'{$request.header.X-CALLBACK}'>, 'always'>(true)
same<V<'{$request.header.X-Tenant}'>, 'maybe'>(true)
same<V<'{$x-callback}'>, 'always'>(true)
same<V<'{$X-TENANT}'>, 'maybe'>(true)

// Pointers and dots
same<V<'{$request.body#/id}'>, 'always'>(true)
same<V<'{$request.body.total}'>, 'always'>(true)
same<V<'{$request.body#/nothing}'>, 'maybe'>(true)
same<V<'{$request.body#/c~1d}'>, 'always'>(true)
same<V<'{$request.body#/e~0f}'>, 'always'>(true)
same<V<'{$request.body#/a.b/c}'>, 'always'>(true)
same<V<'{$request.body.length}'>, 'always'>(true)
same<V<'{$request.body#/lines/0/url}'>, 'maybe'>(true)
same<V<'{$request.body.lines.0.price}'>, 'maybe'>(true)
same<V<'{$request.body#/pair/0}'>, 'always'>(true)
same<V<'{$request.body.pair.1.url}'>, 'always'>(true)
same<V<'{$request.body#/either/kind}'>, 'always'>(true)
same<V<'{$request.body#/either/b}'>, 'maybe'>(true)
same<V<'{$request.body#/mixed/url}'>, 'maybe'>(true)
same<V<'{$request.body#/mixed/0}'>, 'maybe'>(true)
same<V<'{$request.body#/maybe/deeper/deepest}'>, 'maybe'>(true)
same<V<'{$request.body#/record/x}'>, 'maybe'>(true)
same<V<'{$request.body#/objects/x/url}'>, 'maybe'>(true)
same<V<'{$request.body#/loose/known}'>, 'always'>(true)
same<V<'{$request.body#/loose/other}'>, 'maybe'>(true)
same<V<'{$request.body#/anything/at/all}'>, 'maybe'>(true)

// Known only when the handler has returned
same<V<'{$statusCode}'>, 'late'>(true)
same<V<'{$request.query.page}/{$response.body#/id}'>, 'always' | 'late'>(true)
same<V<'{$callback_url}/{$response.header.location}'>, 'maybe' | 'late'>(true)
same<
  C<'{$response.body#/later}'>,
  '"$response.body#/later" must be required in the response: it is read after the handler has returned'
>(true)
same<
  C<'{$response.body.nullable}'>,
  '"$response.body.nullable" must be required in the response: it is read after the handler has returned'
>(true)
same<
  C<'{$response.body#/list/0}'>,
  '"$response.body#/list/0" must be required in the response: it is read after the handler has returned'
>(true)
same<
  C<'{$response.header.ETag}'>,
  '"$response.header.ETag" must be required in the response: it is read after the handler has returned'
>(true)
same<
  C<'{$response.body#/no}'>,
  'the response body has no property "no" at "no"; declared: "id", "later", "list", "nullable"'
>(true)
same<C<'{$response.header.no}'>, 'no response header "no"; declared: "Location", "etag"'>(true)

// Names that the operation does not have
same<C<'{$request.path.idd}'>, 'no path parameter "idd"; declared: "both", "id"'>(true)
same<Complaint<Scan<'{$request.query.x}', Empty>>, 'no query parameter "x"; declared: none'>(true)
same<Complaint<Scan<'{$x}', Empty>>, 'no path, query or header parameter "x"; declared: none'>(true)
same<Complaint<Scan<'{$request.body#/x}', Empty>>, 'the body has no property "x" at "x"; declared: none'>(true)
same<C<'{$request.header.x-none}'>, 'no header "x-none"; declared: "X-Callback", "X-Twin", "both", "x-tenant"'>(true)
same<C<'{$request.body#/maybe/deep/er}'>, '"maybe/deep/er" goes through a value that is not an object, at "er"'>(true)
same<C<'{$request.body#/lines/first}'>, '"first" in "lines/first" is not an array index'>(true)
same<C<'{$request.body#/lines/01}'>, '"01" in "lines/01" is not an array index'>(true)
same<C<'{$request.body#/lines/-1}'>, '"-1" in "lines/-1" is not an array index'>(true)
same<C<'{$request.body#/lines/length}'>, '"length" in "lines/length" is not an array index'>(true)
same<C<'{$request.body#/id/length}'>, '"id/length" goes through a value that is not an object, at "length"'>(true)
same<[C<'{$request.body.a.b.c}'>] extends [never] ? true : false, false>(true)
same<[C<'{$request.body#/c/d}'>] extends [never] ? true : false, false>(true)

// One name in several places
same<
  C<'{$both}'>,
  '"$both" is declared more than once; write $request.query.both or $request.path.both or $request.header.both'
>(true)
same<C<'{$x-twin}'>, '"$x-twin" is declared more than once; write $request.query.x-twin or $request.header.X-Twin'>(
  true,
)

// No scalars
type NoScalar<Where extends string> = `${Where} is an array or an object; a URL needs text, a number or a boolean`
same<C<'{$request.query.tags}'>, NoScalar<'query parameter "tags"'>>(true)
same<C<'{$tags}'>, NoScalar<'query parameter "tags"'>>(true)
same<C<'{$request.body}'>, NoScalar<'the body'>>(true)
same<C<'{$request.body#/lines}'>, NoScalar<'"lines"'>>(true)
same<C<'{$request.body#/maybe}'>, NoScalar<'"maybe"'>>(true)
same<C<'{$request.body#/objects/x}'>, NoScalar<'"objects/x"'>>(true)
same<C<'{$request.body#/mixed}'>, NoScalar<'"mixed"'>>(true)

// All mistakes of one template are reported
same<
  C<'{$nope}/{$request.path.idd}'> extends `${string}"nope"${string}` | `${string}"idd"${string}` ? true : false,
  true
>(true)

interface Empty extends TypeExchange {
  readonly params: {}
  readonly query: {}
  readonly headers: {}
  readonly body: {}
  readonly responseBody: {}
  readonly responseHeaders: {}
}

/** What loose schemas declare: their own names are known, any other one is possible. */
interface Loose extends TypeExchange {
  readonly params: { id: string }
  readonly query: { known: string; [name: string]: unknown }
  readonly headers: Record<string, string>
  readonly body: string
  readonly responseBody: undefined
  readonly responseHeaders: {}
}
same<Scan<'{$request.query.known}', Loose>, 'always'>(true)
same<Scan<'{$request.query.other}', Loose>, 'maybe'>(true)
same<Scan<'{$request.header.x-any}', Loose>, 'maybe'>(true)
same<Scan<'{$known}/{$id}', Loose>, 'always'>(true)
same<Scan<'{$request.body}', Loose>, 'always'>(true)
same<Complaint<Scan<'{$other}', Loose>>, 'no path, query or header parameter "other"; declared: "id", "known"'>(true)
same<[Complaint<Scan<'{$request.body#/length}', Loose>>] extends [never] ? true : false, false>(true)
same<[Complaint<Scan<'{$response.body#/id}', Loose>>] extends [never] ? true : false, false>(true)

// Path templates
same<TemplateNames<'/a/{id}/b-{c}/{rest*}'>, 'id' | 'c' | 'rest'>(true)
same<TemplateNames<'/health'>, never>(true)
same<TemplateParams<'/a/{id}/{rest*}'>, { readonly id: string; readonly rest: string }>(true)
