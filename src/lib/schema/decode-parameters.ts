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
 * are where the schema says something of them, so that a strict one can refuse them.
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
  const declared = [...shape.properties]
  const objects = style === 'repeated' && declared.some(([, { takesObject }]) => takesObject)
  return (texts, issues) => {
    const values: ParameterValues = {}
    for (const [name, property] of declared) {
      const text = Object.hasOwn(texts, name) ? texts[name] : undefined
      if (text !== undefined) setOwn(values, name, decodeText(property, text, ROOT, name, issues))
    }
    if (objects || !shape.ignoresOthers) decodeOthers(shape, texts, values, objects, issues)
    return values
  }
}

/** The names that are not declared as they stand there: parts of objects, and whatever else was sent. */
function decodeOthers(
  shape: ParameterShape,
  texts: ParameterTexts,
  values: ParameterValues,
  objects: boolean,
  issues: Issue[],
): void {
  const trees = new Map<string, ParameterTree>()
  for (const name of Object.keys(texts)) {
    const text = texts[name]
    if (text === undefined || shape.properties.has(name)) continue
    const steps = objects ? splitName(name) : undefined
    if (steps !== undefined && shape.properties.get(steps[0]!)?.takesObject === true) addText(trees, steps, text)
    else if (!shape.ignoresOthers) setOwn(values, name, decodeText(shape.others, text, ROOT, name, issues))
  }
  decodeTrees(shape, trees, values, ROOT, issues)
}

type Path = readonly string[]

const ROOT: Path = []

function decodeTrees(
  shape: ParameterShape | undefined,
  trees: ReadonlyMap<string, ParameterTree>,
  values: ParameterValues,
  outer: Path,
  issues: Issue[],
): void {
  for (const [name, { text, children }] of trees) {
    const inner = shape?.properties.get(name) ?? shape?.others
    if (inner === undefined && shape?.ignoresOthers === true) continue
    if (children.size === 0) {
      if (text !== undefined) setOwn(values, name, decodeText(inner, text, outer, name, issues))
      continue
    }
    const path = [...outer, name]
    if (text !== undefined || Object.hasOwn(values, name))
      issues.push({ path, message: 'It is given both as text and as an object' })
    const object: ParameterValues = {}
    decodeTrees(inner, children, object, path, issues)
    setOwn(values, name, object)
  }
}

function decodeText(
  shape: ParameterShape | undefined,
  text: string | readonly string[],
  outer: Path,
  name: string,
  issues: Issue[],
): unknown {
  if (shape === undefined) return text
  const { item } = shape
  if (typeof text !== 'string') {
    if (item !== undefined) return text.map((part, index) => item(index).scalar(part))
    issues.push({ path: [...outer, name], message: `It must be given once, not ${text.length} times` })
    return shape.scalar(text[0] ?? '')
  }
  const value = shape.scalar(text)
  if (item === undefined || value !== text || shape.takes(text)) return value
  if (shape.style === 'repeated') return [item(0).scalar(text)]
  return text === '' ? [] : text.split(',').map((part, index) => item(index).scalar(part.trim()))
}
