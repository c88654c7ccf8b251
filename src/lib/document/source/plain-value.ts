import { setOwn } from '../../schema/own-property.ts'
import type { SourceNode } from './source-node.ts'

/** Aliases of aliases of aliases can make a small file a value of any size. */
const mostValues = 200_000

/** The value of a node without places. One that is too large because of aliases ends with `null` where it is. */
export function plainValue(node: SourceNode | undefined): unknown {
  let left = mostValues
  const read = (one: SourceNode): unknown => {
    left -= 1
    if (left < 0) return null
    if (one.kind === 'scalar') return one.value
    if (one.kind === 'list') return one.items.map(read)
    const value: Record<string, unknown> = {}
    for (const [name, member] of one.members) setOwn(value, name, read(member.value))
    return value
  }
  return node === undefined ? undefined : read(node)
}
