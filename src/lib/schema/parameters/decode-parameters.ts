import { percentDecode } from '../../url/percent-decode.ts'
import type { Refusal } from '../codes/code-reader.ts'
import type { CompiledSchema } from '../compiled-schema.ts'
import { type Issue, levelIssues, type Validated } from '../issue.ts'
import { setOwn } from '../own-property.ts'
import { JsonTexts } from './json-texts.ts'
import { isRepeated, type ListStyle, type ParameterShape, ParameterShapes } from './parameter-shape.ts'
import {
  addText,
  type ParameterTexts,
  type ParameterTree,
  type Sent,
  type SentByName,
  splitName,
} from './parameter-tree.ts'
import { joined, type PickShape, type Reading, ReadingSearch } from './search-readings.ts'

export type { ListStyle } from './parameter-shape.ts'
export type { ParameterTexts } from './parameter-tree.ts'

/** Decodes and validates the parameters of one part of a request. */
export type ParameterReader = (texts: ParameterTexts) => Validated | Promise<Validated>

/** Parameters as values: numbers, booleans, arrays and objects where the schema asks for them. */
export type ParameterValues = Record<string, unknown>

/** Decodes and validates the fields of a form. */
export interface FormReader {
  /** The fields as values, before their validation. */
  decode(fields: SentByName): Reading<ParameterValues>
  /** Validates what `decode` gave. */
  validate(fields: SentByName, decoded: Reading<ParameterValues>): Validated | Promise<Validated>
}

/**
 * Compiles the reading of query, path, header or cookie parameters by their object schema: numbers in JSON's grammar,
 * `true|false|1|0|on|off|yes|no`, lists by repetition or commas, and in a query objects in the style `deepObject` (`filter[name]=x`).
 * A scalar that was given twice is an issue. Undeclared names are passed on as they are where the schema says something
 * about them, so that a strict one can refuse them.
 */
export function compileParameterReader(schema: CompiledSchema, style: ListStyle): ParameterReader {
  const { decode, validate } = compileReader(schema, style)
  return texts => validate(texts, decode(texts))
}

/**
 * The same for the fields of a form. Where the schema asks for an object, it may also be written as JSON; a file stays a
 * file; and an empty text is left out where it cannot be the value of its field, since browsers send one for every input
 * that nobody has filled in.
 */
export const compileFormReader = (schema: CompiledSchema): FormReader => compileReader(schema, 'form')

function compileReader(schema: CompiledSchema, style: ListStyle): FormReader {
  const shape = new ParameterShapes(schema.input, style).of([schema.input])
  const group = groupShape(shape)
  const readAs = (texts: SentByName, pick: PickShape): Reading<ParameterValues> => {
    const picked = pick(shape, ROOT)
    return new Decoding(pick).read(picked === shape ? group : groupShape(picked), texts)
  }
  return {
    decode: texts => new Decoding().read(group, texts),
    validate(texts, run) {
      const { values } = run
      const settle = (validated: Validated): Validated | Promise<Validated> => {
        const first = joined(run, validated)
        if (first.issues === undefined) return first
        const search = new ReadingSearch<ParameterValues>(pick => readAs(texts, pick), lengthOf(texts)).run(first)
        const refused = run.issues.length === 0 ? first : { issues: levelIssues(first.issues, values) }
        return drive(search, schema, refused)
      }
      const validated = schema.validate(values)
      if (validated instanceof Promise) return validated.then(settle)
      return validated.issues === undefined && run.issues.length === 0 ? validated : settle(validated)
    },
  }
}

/** How many characters were sent. */
function lengthOf(texts: SentByName): number {
  let length = 0
  for (const name in texts)
    for (const text of [texts[name]].flat()) length += typeof text === 'string' ? text.length : 0
  return length
}

type Search = ReturnType<ReadingSearch<ParameterValues>['run']>

/** Validates the readings that the search proposes, until it ends; gives `refused` where it finds nothing. */
function drive(search: Search, schema: CompiledSchema, refused: Validated): Validated | Promise<Validated> {
  const from = (validated?: Validated): Validated | Promise<Validated> => {
    let step = validated === undefined ? search.next() : search.next(validated)
    while (step.done !== true) {
      const result = schema.validate(step.value)
      if (result instanceof Promise) return result.then(from)
      step = search.next(result)
    }
    return step.value ?? refused
  }
  return from()
}

/** The shape of a group, and what every reading needs of it. */
interface GroupShape {
  readonly shape: ParameterShape
  readonly declared: readonly (readonly [name: string, shape: ParameterShape])[]
  /** Whether a name such as `filter[a]` may be a part of an object. */
  readonly objects: boolean
}

function groupShape(shape: ParameterShape): GroupShape {
  const declared = [...shape.properties]
  return { shape, declared, objects: isRepeated(shape.style) && declared.some(([, { takesObject }]) => takesObject) }
}

const REPEATED: Refusal = { code: 'repeated', wantsBoolean: false }

type Path = readonly string[]

const ROOT: Path = []

/** One decoding: the issues it found, and the branch that each union was read as. */
class Decoding {
  readonly issues: Issue[] = []
  readonly #json = new JsonTexts()
  readonly #pick: PickShape | undefined

  constructor(pick?: PickShape) {
    this.#pick = pick
  }

  read(group: GroupShape, texts: SentByName): Reading<ParameterValues> {
    const { shape, declared, objects } = group
    const values: ParameterValues = {}
    for (const [name, property] of declared) {
      const text = Object.hasOwn(texts, name) ? texts[name] : undefined
      if (text === undefined || (text === '' && isLeftOut(property))) continue
      setOwn(values, name, this.#text(property, text, ROOT, name))
    }
    if (objects || !shape.ignoresOthers) this.#others(group, texts, values)
    return { values, issues: this.issues }
  }

  /** The names that are not declared literally: parts of objects, and anything else that was sent. */
  #others({ shape, objects }: GroupShape, texts: SentByName, values: ParameterValues): void {
    const trees = new Map<string, ParameterTree>()
    for (const name of Object.keys(texts)) {
      const text = texts[name]
      if (text === undefined || shape.properties.has(name)) continue
      const steps = objects ? splitName(name) : undefined
      if (steps !== undefined && shape.properties.get(steps[0]!)?.takesObject === true) addText(trees, steps, text)
      else if (!shape.ignoresOthers) setOwn(values, name, this.#text(shape.others, text, ROOT, name))
    }
    this.#trees(shape, trees, values, ROOT)
  }

  #trees(
    shape: ParameterShape | undefined,
    trees: ReadonlyMap<string, ParameterTree>,
    values: ParameterValues,
    outer: Path,
  ): void {
    for (const [name, { text, children }] of trees) {
      const inner = shape?.properties.get(name) ?? shape?.others
      if (inner === undefined && shape?.ignoresOthers === true) continue
      if (children.size === 0) {
        if (text !== undefined) setOwn(values, name, this.#text(inner, text, outer, name))
        continue
      }
      const path = [...outer, name]
      if (text !== undefined || Object.hasOwn(values, name))
        this.issues.push({ path, message: 'It is given both as text and as an object' })
      const object: ParameterValues = {}
      this.#trees(inner && this.#pick ? this.#pick(inner, path) : inner, children, object, path)
      setOwn(values, name, object)
    }
  }

  #text(declared: ParameterShape | undefined, text: Sent | readonly Sent[], outer: Path, name: string): unknown {
    if (declared === undefined) return text
    const shape = this.#pick === undefined ? declared : this.#pick(declared, [...outer, name])
    const { item, style } = shape
    if (text instanceof File) {
      return item === undefined || shape.takesFile ? text : this.#items(item, [text], [...outer, name])
    }
    if (typeof text !== 'string') {
      if (item !== undefined) return this.#items(item, text, [...outer, name])
      this.issues.push({
        path: [...outer, name],
        message: `It must be given once, not ${text.length} times`,
        mistake: REPEATED,
      })
      return this.#value(shape, text[0] ?? '')
    }
    const whole = style === 'encodedCommas' ? percentDecode(text) : text
    const value = this.#value(shape, whole)
    if (item === undefined || value !== whole || shape.takes(whole)) return value
    return this.#items(item, itemsOf(text, style), [...outer, name])
  }

  #items(item: (index: number) => ParameterShape, texts: readonly Sent[], path: Path): unknown[] {
    const first = item(0)
    const given = isLeftOut(first) ? texts.filter(text => text !== '') : texts
    return given.map((text, index) => {
      const shape = item(index)
      return this.#value(this.#pick === undefined ? shape : this.#pick(shape, [...path, String(index)]), text)
    })
  }

  #value(shape: ParameterShape, text: Sent): unknown {
    if (typeof text !== 'string') return text
    const value = shape.scalar(text)
    if (value !== text || shape.style !== 'form' || shape.takes(text)) return value
    if (text === CHECKED && shape.scalar('true') === true) return true
    return shape.takesObject ? this.#json.objectIn(text) : value
  }
}

/** What browsers send for a checkbox that has no value of its own. */
const CHECKED = 'on'

/** An input of a form that was left empty has no value. */
const isLeftOut = ({ style, takesEmpty, item }: ParameterShape): boolean =>
  style === 'form' && !takesEmpty && item?.(0).takesEmpty !== true

function itemsOf(text: string, style: ListStyle): string[] {
  if (isRepeated(style)) return [text]
  if (text === '') return []
  const items = text.split(',')
  return items.map(style === 'commas' ? item => item.trim() : percentDecode)
}
