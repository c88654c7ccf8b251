/** One query parameter that the URL of a callback itself adds. */
export interface TargetQuery {
  readonly name: string
  /** The text between the braces, where the value is an expression. */
  readonly expression: string | undefined
}

/** The URL of a callback from the point of view of its receiver, who has given the base. */
export interface ReceiverTarget {
  /** What stands before the path: an expression in braces, a bare one, or scheme and host. */
  readonly base: string
  /** An OpenAPI path template, from its first slash; empty where the base is all. */
  readonly path: string
  /** The names in that template, each with the text that stood between the braces. */
  readonly names: ReadonlyMap<string, string>
  readonly query: readonly TargetQuery[]
}

/** What is between braces, or text around them: an expression may hold `/`, `?` and `#`. */
const PIECES = /\{[^{}]*\}|[^{]+|\{/g

/**
 * Takes the key of a callback apart: each expression behind the base becomes a path parameter, named after the last part
 * of what it reads. It reads any text, as documents of others hold keys that are not URLs.
 */
export function receiverTarget(url: string): ReceiverTarget {
  const [base, rest] = splitBase(url.trim())
  const names = new PathNames()
  let path = ''
  let query: string | undefined
  for (const piece of rest.match(PIECES) ?? []) {
    const isExpression = piece.length > 1 && piece.startsWith('{')
    if (query !== undefined) query += piece
    else if (isExpression) path += `{${names.add(piece.slice(1, -1))}}`
    else {
      const mark = piece.indexOf('?')
      path += plainPath(mark < 0 ? piece : piece.slice(0, mark))
      if (mark >= 0) query = piece.slice(mark + 1)
    }
  }
  return { base, path: withSlash(path), names: names.all, query: queryOf(query ?? '') }
}

/** The base, and what follows it. */
function splitBase(url: string): [base: string, rest: string] {
  const braces = /^\{[^{}]*\}/.exec(url)
  if (braces !== null) return isHost(url.slice(braces[0].length)) ? splitHost(url) : cut(url, braces[0].length)
  if (url.startsWith('$')) return [url, '']
  return /^[a-z][a-z\d+.-]*:\/\//i.test(url) ? splitHost(url) : ['', url]
}

/** `{$request.query.scheme}://host/…` and `{$request.query.host}:8080/…`: the base goes on. */
const isHost = (rest: string): boolean => rest.startsWith(':')

function splitHost(url: string): [base: string, rest: string] {
  const slashes = url.indexOf('://')
  let depth = 0
  for (let at = slashes < 0 ? 0 : slashes + 3; at < url.length; at++) {
    const character = url[at]
    if (character === '{') depth++
    else if (character === '}') depth--
    else if (depth <= 0 && (character === '/' || character === '?')) return cut(url, at)
  }
  return [url, '']
}

const cut = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at)]

/** A fragment is not sent, and a lone brace would spoil the template. */
const plainPath = (text: string): string => text.replace(/#.*$/s, '').replaceAll(/[{}\s]/g, '')

function withSlash(path: string): string {
  if (path === '') return ''
  return `/${path}`.replaceAll(/\/{2,}/g, '/')
}

function queryOf(text: string): TargetQuery[] {
  return text.split('&').flatMap(pair => {
    const sign = pair.indexOf('=')
    const name = (sign < 0 ? pair : pair.slice(0, sign)).trim()
    if (name === '' || /[{}]/.test(name)) return []
    const expression = /^\{([^{}]*)\}$/.exec(sign < 0 ? '' : pair.slice(sign + 1).trim())?.[1]
    return [{ name, expression }]
  })
}

/** Gives each expression a name that no other has, and remembers how often each was wanted. */
class PathNames {
  readonly all = new Map<string, string>()
  readonly #wanted = new Map<string, number>()

  add(expression: string): string {
    const first = nameOf(expression)
    let number = this.#wanted.get(first) ?? 0
    let name = first
    do {
      number++
      name = number === 1 ? first : `${first}_${number}`
    } while (this.all.has(name))
    this.#wanted.set(first, number)
    this.all.set(name, expression)
    return name
  }
}

/** `$request.body#/customer/id` gives `id`, `$request.header.X-Tenant` gives `X-Tenant`, `$url` gives `url`. */
function nameOf(expression: string): string {
  const hash = expression.indexOf('#')
  const parts = hash < 0 ? expression.split('.') : expression.slice(hash + 1).split('/')
  const last = parts.findLast(part => part !== '' && !/^\d+$/.test(part)) ?? 'body'
  const text = last.replace(/^\$/, '').replaceAll('~1', '/').replaceAll('~0', '~')
  return text.replaceAll(/[^\w-]+/g, '_') || 'value'
}
