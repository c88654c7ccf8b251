import { inspect } from 'node:util'
import { escapeControls, escapeControlsInLines } from './escape-controls.ts'

/**
 * A message with its fields as text that steers no terminal and begins no line that is not its own. Node writes the stacks
 * of errors as they are, and what stands in a message may have come from a client.
 */
export function logLine(message: string, fields?: object): string {
  const sentence = escapeControls(message)
  return fields === undefined ? sentence : `${sentence} ${escapeControlsInLines(inspected(fields))}`
}

function inspected(fields: object): string {
  try {
    return inspect(harmless(fields, MOST_LEVELS))
  } catch {
    // Whatever says itself how it is inspected may not bear to be copied.
    return escapeControls(inspect(fields, { customInspect: false }))
  }
}

/** Errors are written however deep they stand as causes. */
const MOST_LEVELS = 10

/** The same with errors whose text is on one line, in objects and lists as well. */
function harmless(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (levels === 0) return '…'
  if (Array.isArray(value)) return value.map(item => harmless(item, levels - 1))
  if (value instanceof Error) return copyOf(value, levels, textsOf(value))
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype ? copyOf(value, levels, {}) : value
}

function copyOf(source: object, levels: number, texts: Readonly<Record<string, string>>): object {
  const properties = Object.getOwnPropertyDescriptors(source) as Record<PropertyKey, PropertyDescriptor>
  for (const name of Reflect.ownKeys(properties)) {
    const property = properties[name]!
    if ('value' in property) property.value = harmless(property.value, levels - 1)
  }
  // Own properties, since some errors give their texts only when they are not copies.
  for (const [name, value] of Object.entries(texts)) properties[name] = { value, configurable: true }
  return Object.create(Object.getPrototypeOf(source) as object | null, properties) as object
}

function textsOf(error: Error): Record<string, string> {
  const [name, message] = [String(error.name), String(error.message)]
  const texts = { name: escapeControls(name), message: escapeControls(message) }
  const stack = typeof error.stack === 'string' ? error.stack : `${name}: ${message}`
  return { ...texts, stack: stackOf(stack.replaceAll(name, () => texts.name).replaceAll(message, () => texts.message)) }
}

/** Of the line breaks in a stack only those before its frames stay. */
const stackOf = (stack: string): string =>
  stack
    .split(/\n(?= {4}at )/)
    .map(escapeControls)
    .join('\n')
