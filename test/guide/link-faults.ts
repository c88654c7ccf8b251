import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'

/** The links of a page within the repository that lead to no file, or to no heading of that file. */
export function linkFaults(root: string, page: string): string[] {
  return readFileSync(join(root, page), 'utf8')
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/\]\((?!https?:|mailto:)([^)\s#]*)(?:#([^)\s]+))?\)/g)].flatMap(([, path = '', heading]) => {
        const target = path === '' ? page : normalize(join(dirname(page), path))
        if (!existsSync(join(root, target)))
          return [`${page}:${index + 1}: wanted: a file "${target}"\n    real:   none`]
        const known = heading === undefined ? [] : headings(readFileSync(join(root, target), 'utf8'))
        if (heading === undefined || known.includes(heading)) return []
        return [`${page}:${index + 1}: wanted: a heading "#${heading}" of ${target}\n    real:   #${known.join(', #')}`]
      }),
    )
}

/** The anchors of headings, as GitHub makes them. */
const headings = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
