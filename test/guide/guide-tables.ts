/** A row of the guide's table of contents. */
export interface GuideRow {
  /** Title and file of the page; undefined where there is none. */
  readonly title: string | undefined
  readonly page: string | undefined
  /** The chapters of FastAPI's guide that are about the same. */
  readonly chapters: readonly string[]
  /** Where we differ, or why there is no page. */
  readonly note: string
}

/** The rows of the tables of `docs/guide/README.md` that have a page, or name chapters of FastAPI. */
export function guideRows(readme: string): GuideRow[] {
  let heading = ''
  const rows: GuideRow[] = []
  for (const line of readme.split('\n')) {
    if (line.startsWith('| ---') || line.startsWith('|---')) continue
    if (line.startsWith('| ')) rows.push(...rowOf(line, heading))
    else if (line !== '') heading = line
  }
  return rows
}

function rowOf(line: string, heading: string): GuideRow[] {
  const cells = line
    .slice(1, -1)
    .split('|')
    .map(cell => cell.trim())
  const [first = '', second = '', third = ''] = cells
  const [, title, page] = /^\[(.+)\]\(([\w-]+\.md)\)$/.exec(first) ?? []
  if (title !== undefined && page !== undefined)
    return [{ title, page, chapters: cells.length < 3 ? [] : names(second), note: cells.length < 3 ? second : third }]
  const isHead = first === 'FastAPI' || first === 'page'
  if (isHead || !/without a page/.test(heading)) return []
  return [{ title: undefined, page: undefined, chapters: names(first), note: second }]
}

const names = (cell: string): string[] => cell.split('; ').filter(name => name !== '')
