/** The anchor of a heading as GitHub makes it, since links within the pages must work there, too. */
export const headingAnchor = (title: string): string =>
  title
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
