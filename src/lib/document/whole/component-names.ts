import type { SourceDocument } from '../reading/source-document.ts'
import { memberOf, membersOf, type SourceNode } from '../source/source-node.ts'

/** What OpenAPI allows as the name of a component. */
const allowed = /^[A-Za-z0-9._-]+$/
/** What tells nothing about a schema, at the end of a pointer. */
const tellsNothing = /^(?:\d+|schema|items|allOf|anyOf|oneOf|value|)$/

/** The names of components of one type: those of the document itself stay, others are named after where they stand. */
export class ComponentNames {
  readonly #names = new Map<SourceNode, string>()
  readonly #taken = new Set<string>()

  constructor(document: SourceDocument, type: string) {
    const components = document.resolve(memberOf(document.root, 'components'))
    for (const { key, value } of membersOf(document.resolve(memberOf(components, type)))) {
      this.#taken.add(key.text)
      if (allowed.test(key.text) && !this.#names.has(value)) this.#names.set(value, key.text)
    }
  }

  /** The name of what a reference leads to. */
  nameOf(target: SourceNode, reference: string): string {
    const known = this.#names.get(target)
    if (known !== undefined) return known
    const wanted = wantedName(reference)
    let name = wanted
    for (let number = 2; this.#taken.has(name); number += 1) name = wanted + number
    this.#taken.add(name)
    this.#names.set(target, name)
    return name
  }
}

/** `common.yaml#/components/schemas/Event` is called `Event`, and so is `schemas/Event.yaml`. */
function wantedName(reference: string): string {
  const [address = '', fragment = ''] = reference.split('#', 2)
  const file = (address.split(/[?]/)[0] ?? '').split('/').at(-1) ?? ''
  const parts = [file.replace(/\.\w+$/, ''), ...fragment.split('/')].map(part => part.replaceAll(/~[01]|%../g, '-'))
  const last = parts.findLast(part => !tellsNothing.test(part)) ?? ''
  return last.replaceAll(/[^A-Za-z0-9._]+/g, '-').replaceAll(/^-|-$/g, '') || 'Part'
}
