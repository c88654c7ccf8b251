import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { type PathTemplate, parsePathTemplate } from '../../http/path-template.ts'

const ROOT: PathTemplate = Object.freeze({ text: '/', segments: [], names: [] })

/** Reads the path that something is mounted at. Throws a `DefinitionError` for one with names, or with a last slash. */
export function parseMountPath(path: string): PathTemplate {
  if (path === '/') return ROOT
  if (typeof path !== 'string' || !/^(?:\/[^/?#\\\s]+)+$/.test(path))
    throw new DefinitionError(
      `${quoted(path)} is not a path to mount at: give one such as "/admin", which begins with "/" and does not end with it, or "/"`,
    )
  const template = parsePathTemplate(path)
  if (template.names.length > 0)
    throw new DefinitionError(
      `The path "${path}" has "{${template.names[0]}}", and what is mounted has one path: write the path without names`,
    )
  return template
}

/** The path as it stands before another: nothing for the root. */
export const prefixOf = ({ text }: PathTemplate): string => (text === '/' ? '' : text)

/** What follows the mount's own segments in a path, as it was sent: empty, or it begins with a slash. */
export function pathBelow(path: string, { segments }: PathTemplate): string {
  let end = 0
  for (let passed = 0; passed < segments.length; passed += 1) {
    const next = path.indexOf('/', end + 1)
    if (next < 0) return ''
    end = next
  }
  return path.slice(end)
}
