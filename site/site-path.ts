/** Which Markdown files of the repository are pages of the site, and where each stands there. The first match counts. */
const places: readonly (readonly [file: RegExp, place: string])[] = [
  [/^README\.md$/, 'index.md'],
  [/^examples\/starter\/README\.md$/, 'starter.md'],
  [/^docs\/guide\/README\.md$/, 'guide/index.md'],
  [/^docs\/guide\/([\w-]+\.md)$/, 'guide/$1'],
  [/^docs\/(releasing\.md)$/, 'project/$1'],
  [/^docs\/([\w-]+\.md)$/, 'reference/$1'],
  [/^site\/api\/(.*\.md)$/, 'api/$1'],
  [/^bench\/README\.md$/, 'project/bench.md'],
  [/^(decisions\/[\w-]+\.md)$/, 'project/$1'],
]

/** Pages that the repository keeps at its top, in capitals. */
const atTop = /^(ARCHITECTURE|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/

/** Where a file of the repository stands on the site; undefined if it is none of its pages. */
export function sitePath(file: string): string | undefined {
  const top = atTop.exec(file)?.[1]
  if (top !== undefined) return `project/${top.toLowerCase()}.md`
  const [pattern, place] = places.find(([pattern]) => pattern.test(file)) ?? []
  return pattern && place && file.replace(pattern, place)
}
