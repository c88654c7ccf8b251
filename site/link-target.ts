import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { root } from '../scripts/root.ts'
import { sitePath } from './site-path.ts'

/** Where a link of a page leads on the site. */
export interface LinkTarget {
  readonly href: string
  /** A file of the repository that is no page, and that the site must have as it is. */
  readonly file?: string
}

/**
 * Turns a link that is right in the repository into one that is right on the site. A file that is no page is shown in the
 * repository if package.json names one, else the site has it as text. Throws if there is no such file.
 */
export function linkTarget(link: string, page: string, repository: string | undefined): LinkTarget {
  if (/^(?:[a-z][a-z+.-]*:|#|\/)/i.test(link)) return { href: link }
  const [, path = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(link) ?? []
  const file = posix.join(posix.dirname(page), decodeURI(path)).replace(/\/$/, '')
  if (!existsSync(join(root, file))) throw new Error(`${page}: "${link}" leads to no file of the repository`)
  const isFolder = statSync(join(root, file)).isDirectory()
  const place = sitePath(isFolder ? posix.join(file, 'README.md') : file)
  if (place !== undefined) return { href: `/${place}${hash}` }
  if (repository !== undefined) return { href: `${repository}/${isFolder ? 'tree' : 'blob'}/HEAD/${file}${hash}` }
  if (isFolder) throw new Error(`${page}: "${link}" is a folder without a page: link to a file of it`)
  return { href: `/files/${file}.txt`, file }
}

/** The address of the repository for readers, from the field `repository` of package.json. */
export function repositoryUrl({ repository }: { repository?: string | { url: string } }): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url
  const [, hosted] = /^(?:github:)?([\w-]+\/[\w.-]+)$/.exec(url ?? '') ?? []
  if (hosted !== undefined) return `https://github.com/${hosted}`
  return url?.replace(/^git\+/, '').replace(/\.git$/, '')
}
