import { parseCookies } from '../../http/parse-cookies.ts'
import { parseJsonPointer } from '../../json/json-pointer.ts'
import type { ValidationError } from '../../schema/validation-error.ts'
import type { RequestRun } from '../request-run.ts'

/** What the client sent at the place of a mistake: text in parameters, any value in the body; undefined for nothing. */
export function sentValue({ view, texts, context }: RequestRun, { in: part, pointer }: ValidationError): unknown {
  const steps = parseJsonPointer(pointer.slice(1))
  if (part === 'body') return steps.reduce(own, context['~raw'])
  const [name, ...inner] = steps
  if (name === undefined) return undefined
  switch (part) {
    case 'query':
      return (
        own(texts.query, [name, ...inner.map(step => `[${step}]`)].join('')) ??
        inner.reduce(own, own(texts.query, name))
      )
    case 'path':
      return own(texts.params, name)
    case 'header':
      return view.header(name.toLowerCase())
    case 'cookie':
      return own(parseCookies(view.header('cookie') ?? ''), name)
  }
}

const own = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
