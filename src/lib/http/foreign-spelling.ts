import { DefinitionError } from '../definition/definition-error.ts'

/** A name in the spelling of another framework, parsed: the name itself, and whether it takes the rest of the path. */
interface ForeignName {
  readonly name: string
  readonly rest?: boolean
  readonly optional?: boolean
  readonly query?: boolean
}

/**
 * Refuses a path in the spelling of another framework, and says how to write it here: `{path:path}`, `:id`, `<id>`,
 * `[id]`, `{id?}`, `*`.
 */
export function refuseForeignSpelling(text: string): void {
  const segments = text.split('/')
  const names: ForeignName[] = []
  const mended = segments.map((segment, index) =>
    mendSegment(segment, foreign => {
      names.push(foreign)
      return foreign.rest === true && index === segments.length - 1 ? `{${foreign.name}*}` : `{${foreign.name}}`
    }),
  )
  const at = segments.findIndex((segment, index) => segment !== mended[index])
  if (at < 0) return
  const place = `The path "${text}" has "${segments[at]}"`
  const whole = mended.join('/')
  if (names.some(({ query }) => query))
    throw new DefinitionError(`${place}, but a path has no query parameters: declare "query" instead`)
  if (names.some(({ optional }) => optional))
    throw new DefinitionError(
      `${place}, but a name in a path is never optional: register both "${mended.toSpliced(at, 1).join('/') || '/'}" and "${whole}", or declare "query"`,
    )
  throw new DefinitionError(`${place}: write "${whole}"; the schema of "params" says what a name may be`)
}

function mendSegment(segment: string, write: (foreign: ForeignName) => string): string {
  const [, dots, bracketed] = /^\[{1,2}(\.\.\.)?([\w-]+)\]{1,2}$/.exec(segment) ?? []
  if (bracketed !== undefined) return write({ name: bracketed, rest: dots !== undefined })
  const [, starred] = /^\*{1,2}([\w-]*)$/.exec(segment) ?? []
  if (starred !== undefined) return write({ name: starred || 'path', rest: true })
  if (segment.startsWith(':'))
    return segment.replaceAll(/:([\w$]+)(?:\([^()]*\)|\{[^{}]*\})?([*+?]?)/g, (_, name: string, mark: string) =>
      write({ name, rest: mark === '*' || mark === '+', optional: mark === '?' }),
    )
  if (segment.includes('<'))
    return segment.replaceAll(
      /<(?:(\w+):)?([\w-]+)(\??)>/g,
      (_, type: string | undefined, name: string, mark: string) =>
        write({ name, rest: type === 'path', optional: mark === '?' }),
    )
  return mendBraces(segment, write)
}

/** Braces inside of braces belong to a pattern, or were doubled. */
function mendBraces(segment: string, write: (foreign: ForeignName) => string): string {
  let mended = ''
  let group = ''
  let depth = 0
  for (const character of segment) {
    if (character === '{') depth++
    if (depth === 0) {
      mended += character
      continue
    }
    group += character
    if (character !== '}' || --depth > 0) continue
    const foreign = foreignName(group.slice(1, -1))
    mended += foreign === undefined ? group : write(foreign)
    group = ''
  }
  return mended + group
}

/** The text in braces where it is more than a name. */
function foreignName(inside: string): ForeignName | undefined {
  if (inside.startsWith('{') && inside.endsWith('}'))
    return foreignName(inside.slice(1, -1)) ?? { name: inside.slice(1, -1) }
  const [, marks = '', name, more = ''] =
    /^\s*([*+?&]{0,2}|\.\.\.)([^\s*+?&:=.{}<>()[\],][^\s*+?&:={}<>()[\],]*)(.*)$/s.exec(inside) ?? []
  if (name === undefined) return undefined
  if (marks === '?' || marks === '&') return { name, query: true }
  const plain = name.replace(/\.\.\.$/, '')
  if (marks !== '' || plain !== name || more === '+') return { name: plain, rest: true }
  if (more === '' || more === '*') return inside === name + more ? undefined : { name }
  if (more === '?') return { name, optional: true }
  if (more.startsWith(',')) return { name, query: true }
  return /^(?:[:=]|\s)/.test(more) ? { name, rest: /^:(?:path|\*|\.[*+])/.test(more) } : undefined
}
