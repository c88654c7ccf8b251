import type { SourceEdit } from '../diagnostic.ts'
import type { SourceKey } from './source-node.ts'

/** Writes a key anew in the way in which it is written; what stands around it stays as it is. */
export function keyEdit(key: SourceKey, text: string): SourceEdit | undefined {
  if (key.style === 'block' || /[\p{Cc}\u2028\u2029]/u.test(text)) return undefined
  const double = key.style === 'double'
  return { range: key, text: double ? JSON.stringify(text) : isPlain(text) ? text : `'${text.replaceAll("'", "''")}'` }
}

/** Text that YAML takes for itself without quotes, whatever is around it. */
const isPlain = (text: string): boolean =>
  /^[a-z][\w-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/.test(text)
