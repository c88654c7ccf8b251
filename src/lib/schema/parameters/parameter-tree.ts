/** Parameters as they were sent: each name with its text, or its texts where it was sent more than once. */
export type ParameterTexts = Readonly<Record<string, string | readonly string[] | undefined>>

/** What was sent once: a text, or a file of a form. */
export type Sent = string | File

/** The same with the files of a form. */
export type SentByName = Readonly<Record<string, Sent | readonly Sent[] | undefined>>

/** What was sent for one object, or for one object inside of it. */
export interface ParameterTree {
  text: Sent | readonly Sent[] | undefined
  readonly children: Map<string, ParameterTree>
}

/** Deeper than any object that clients put into a query. */
const MOST_STEPS = 32

/** `filter[a][b]` as `['filter', 'a', 'b']`; undefined for a name that does not have that form. */
export function splitName(name: string): string[] | undefined {
  const start = name.indexOf('[')
  if (start <= 0 || !name.endsWith(']')) return undefined
  const steps = name.slice(start + 1, -1).split('][', MOST_STEPS)
  return steps.length === MOST_STEPS ? undefined : [name.slice(0, start), ...steps]
}

/** Puts a text at the path of these steps. */
export function addText(
  trees: Map<string, ParameterTree>,
  steps: readonly string[],
  text: Sent | readonly Sent[],
): void {
  let children = trees
  let tree: ParameterTree | undefined
  for (const step of steps) {
    tree = children.get(step) ?? { text: undefined, children: new Map() }
    children.set(step, tree)
    children = tree.children
  }
  if (tree !== undefined) tree.text = text
}
