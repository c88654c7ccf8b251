import type { CompiledSchema } from './compiled-schema.ts'
import { type Issue, levelIssues, type Validated } from './issue.ts'
import { setOwn } from './own-property.ts'
import { type ListStyle, type ParameterShape, ParameterShapes } from './parameter-shape.ts'
import { addText, type ParameterTexts, type ParameterTree, splitName } from './parameter-tree.ts'

export type { ListStyle } from './parameter-shape.ts'
export type { ParameterTexts } from './parameter-tree.ts'

/** Decodes and validates the parameters of one part of a request. */
export type ParameterReader = (texts: ParameterTexts) => Validated | Promise<Validated>

/** Parameters as values: numbers, booleans, arrays and objects where the schema asks for them. */
export type ParameterValues = Record<string, unknown>

/** Turns texts into values by the schema; what cannot be decoded stays text, and validation says so. */
export type ParameterDecoder = (texts: ParameterTexts, issues: Issue[]) => ParameterValues

/**
 * Prepares the reading of query, path, header or cookie parameters by their object schema: numbers in JSON's grammar,
 * `true|false|1|0`, lists by repetition or commas, and in a query objects in the style `deepObject`
 * (`filter[name]=x`). A scalar that was given twice is an issue. Names that are not declared are handed on as they
 * are, so that a strict schema can refuse them.
 */
export function compileParameterReader(schema: CompiledSchema, style: ListStyle): ParameterReader {
  const decode = compileParameterDecoder(schema, style)
  return texts => {
    const issues: Issue[] = []
    const values = decode(texts, issues)
    const validated = schema.validate(values)
    if (issues.length === 0) return validated
    const joined = ({ issues: others = [] }: Validated): Validated => ({
      issues: levelIssues([...issues, ...others], values),
    })
    return validated instanceof Promise ? validated.then(joined) : joined(validated)
  }
}

/** The decoding alone; what it finds wrong is added to `issues`. */
export function compileParameterDecoder({ input }: Pick<CompiledSchema, 'input'>, style: ListStyle): ParameterDecoder {
  const shape = new ParameterShapes(input, style).of([input])
  return (texts, issues) => {
    const values: ParameterValues = {}
    let objects: Map<string, ParameterTree> | undefined
    for (const name in texts) {
      const text = texts[name]
      if (text === undefined) continue
      const property = shape.properties.get(name)
      if (property !== undefined) setOwn(values, name, decodeText(property, text, [name], issues))
      else {
        const steps = style === 'repeated' ? splitName(name) : undefined
        if (steps !== undefined && shape.properties.get(steps[0]!)?.takesObject === true) {
          objects ??= new Map()
          addText(objects, steps, text)
        } else setOwn(values, name, shape.others === undefined ? text : decodeText(shape.others, text, [name], issues))
      }
    }
    for (const [name, tree] of objects ?? []) {
      if (Object.hasOwn(values, name))
        issues.push({ path: [name], message: 'It is given both as text and as an object' })
      setOwn(values, name, decodeTree(shape.properties.get(name), tree, [name], issues))
    }
    return values
  }
}

type Path = readonly (string | number)[]

function decodeTree(shape: ParameterShape | undefined, tree: ParameterTree, path: Path, issues: Issue[]): unknown {
  const { text, children } = tree
  if (children.size === 0)
    return text === undefined || shape === undefined ? text : decodeText(shape, text, path, issues)
  if (text !== undefined) issues.push({ path, message: 'It is given both as text and as an object' })
  const values: ParameterValues = {}
  for (const [name, child] of children)
    setOwn(values, name, decodeTree(shape?.properties.get(name) ?? shape?.others, child, [...path, name], issues))
  return values
}

function decodeText(shape: ParameterShape, text: string | readonly string[], path: Path, issues: Issue[]): unknown {
  const { item } = shape
  if (typeof text !== 'string') {
    if (item !== undefined) return text.map((part, index) => item(index).scalar(part))
    issues.push({ path, message: `It must be given once, not ${text.length} times` })
    return shape.scalar(text[0] ?? '')
  }
  const value = shape.scalar(text)
  if (item === undefined || value !== text || shape.takes(text)) return value
  if (shape.style === 'repeated') return [item(0).scalar(text)]
  return text === '' ? [] : text.split(',').map((part, index) => item(index).scalar(part.trim()))
}
