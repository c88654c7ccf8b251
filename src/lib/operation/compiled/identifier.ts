/** Words that generated clients cannot use as a name. `default` is the name of a default export's function. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally ' +
    'for function if import in instanceof let new null return static super switch this throw true try typeof var ' +
    'void while with yield'
  ).split(' '),
)

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** The name if it is an identifier, else its words joined into one; empty where that is impossible. */
export function identifierOf(name: string): string {
  if (IDENTIFIER.test(name)) return RESERVED.has(name) ? '' : name
  const [first = '', ...others] = name.split(/[^\p{ID_Continue}$]+/u).filter(word => word !== '')
  const joined = first + others.map(capital).join('')
  return IDENTIFIER.test(joined) && !RESERVED.has(joined) ? joined : ''
}

/** The name of a function in its source: without what `bind`, accessors and private names put before it. */
export const functionName = (name: string): string => name.replace(/^(?:(?:bound|get|set) )+/, '').replace(/^#/, '')

/** With a capital first letter. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
