import { guideRows } from './guide-rows.ts'

/** Pages that would only stand between a reader and what is sought. */
const leftOut = /^(?:CHANGELOG\.md|decisions\/)/

/**
 * What search sees of a page. The heading of a page of the guide also has the name of FastAPI's chapter about the same, from
 * the tables of the guide, so that readers who come from there find it by the name that they know.
 */
export function searchedHtml(html: string, page: string, guideReadme: string): string {
  if (leftOut.test(page)) return ''
  const row = guideRows(guideReadme).find(({ file }) => page === `docs/guide/${file}`)
  const chapter = row?.chapter
  if (chapter === undefined || chapter.toLowerCase() === row?.title.toLowerCase()) return html
  return html.replace(
    /(<h1[^>]*>)(.*?)(\s*<a )/s,
    (_, open, title, anchor) => `${open}${title} (FastAPI: ${chapter})${anchor}`,
  )
}
