/** A row of the tables in docs/guide/README.md that has a page. */
export interface GuideRow {
  /** The heading above its table. */
  readonly part: string
  readonly title: string
  /** In docs/guide. */
  readonly file: string
  /** The chapter of FastAPI's guide that is about the same; undefined where there is none. */
  readonly chapter: string | undefined
}

/** The rows of the tables that list every page, in their order. */
export function guideRows(readme: string): GuideRow[] {
  let part = ''
  let hasChapters = false
  return readme.split('\n').flatMap(line => {
    part = /^## (.+)/.exec(line)?.[1] ?? part
    if (line.startsWith('| page |')) hasChapters = line.startsWith('| page | FastAPI |')
    const [, title, file, second = ''] = /^\| \[(.+?)\]\(([\w-]+\.md)\) \| (.*?) ?\|/.exec(line) ?? []
    if (title === undefined || file === undefined) return []
    return [{ part, title, file, chapter: hasChapters && second !== '' ? second : undefined }]
  })
}
