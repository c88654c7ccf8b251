import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/root.ts'
import { guideRows } from './guide-rows.ts'
import { sitePath } from './site-path.ts'

/** What VitePress shows at the side. */
export interface SidebarItem {
  readonly text: string
  readonly link?: string
  readonly collapsed?: boolean
  readonly items?: SidebarItem[]
}

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
const filesOf = (pattern: string): string[] => globSync(pattern, { cwd: root }).toSorted()

/** The guide as its tables order it, the pages behind it as README.md does, then the reference and the project. */
export function sidebar(): SidebarItem[] {
  return [
    { text: 'Ringback', items: [item('README.md', 'What it is'), item('examples/starter/README.md', 'A starter')] },
    ...guide(),
    {
      text: 'In every detail',
      collapsed: true,
      items: filesOf('docs/*.md').filter(isReference).sort(byReadme).map(titled),
    },
    { text: 'API reference', collapsed: true, items: filesOf('site/api/**/*.md').map(moduleItem) },
    { text: 'The project', collapsed: true, items: project() },
  ]
}

function guide(): SidebarItem[] {
  const rows = guideRows(textOf('docs/guide/README.md'))
  const parts = Map.groupBy(rows, ({ part }) => part)
  return [...parts].map(([part, rows], index) => ({
    text: part,
    collapsed: false,
    items: [
      ...(index === 0 ? [item('docs/guide/README.md', 'All pages')] : []),
      ...rows.map(({ title, file }) => item(`docs/guide/${file}`, title)),
    ],
  }))
}

function project(): SidebarItem[] {
  return [
    item('CHANGELOG.md', 'Changelog'),
    item('SECURITY.md', 'Security'),
    item('bench/README.md', 'Benchmarks'),
    item('ARCHITECTURE.md', 'Architecture'),
    item('CONTRIBUTING.md', 'Contributing'),
    item('docs/releasing.md', 'Releasing'),
    { text: 'Decisions', collapsed: true, items: filesOf('decisions/*.md').map(titled) },
  ]
}

const isReference = (file: string): boolean => sitePath(file)?.startsWith('reference/') === true

/** By where README.md names a page first; others come last. */
function byReadme(one: string, other: string): number {
  const readme = textOf('README.md')
  const rank = (file: string) => (readme.includes(`(${file})`) ? readme.indexOf(`(${file})`) : Number.MAX_SAFE_INTEGER)
  return rank(one) - rank(other)
}

/** The module's name; the list of all modules is named as such. */
function moduleItem(file: string): SidebarItem {
  const name = file.slice('site/api/'.length, -'.md'.length)
  return item(file, name === 'index' ? 'All modules' : name)
}

const titled = (file: string): SidebarItem =>
  item(file, (/^# (.+)$/m.exec(textOf(file))?.[1] ?? file).replaceAll('`', ''))

const item = (file: string, text: string): SidebarItem => ({ text, link: `/${sitePath(file)}` })
