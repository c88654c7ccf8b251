import { relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SourceRange } from '../../document/source/source-node.ts'

/** A file as it is named to whoever runs the command: relative to the working directory where it is below it. */
export function shownPath(url: string): string {
  if (!url.startsWith('file:')) return url
  const path = fileURLToPath(url)
  const below = relative(process.cwd(), path)
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? path : below
}

/** The same as a URI reference, for programs. */
export function shownUri(url: string): string {
  const directory = `${pathToFileURL(process.cwd()).href}/`
  return url.startsWith(directory) ? url.slice(directory.length) : url
}

/** `api.yaml:12:7`, which many terminals open. */
export function shownPlace({ file, start }: SourceRange): string {
  const { line, column } = file.placeAt(start)
  return `${shownPath(file.url)}:${line}:${column}`
}
