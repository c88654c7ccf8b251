import type { Breach } from './breach.ts'
import type { Manifest } from './packed.ts'

/** Scripts that npm would run, or ask about, where the package is installed. */
const INSTALLING = ['preinstall', 'install', 'postinstall', 'prepare']

/** What a package must not ask of whoever installs it. */
export const manifestBreaches = ({ scripts }: Pick<Manifest, 'scripts'>): Breach[] =>
  INSTALLING.filter(name => name in scripts).map(name => ({
    file: 'package.json',
    line: 1,
    text: `the script "${name}" is in the package`,
  }))

const LINK = /\]\((?!https?:|#)([^)#]+)[^)]*\)/g

/** Links of README into nowhere, once it is read from the package. */
export function linkBreaches(readme: string, files: readonly string[]): Breach[] {
  return readme.split('\n').flatMap((text, index) =>
    [...text.matchAll(LINK)]
      .map(([, target = '']) => target)
      .filter(target => !files.includes(target))
      .map(target => ({ file: 'README.md', line: index + 1, text: `"${target}" is not in the package` })),
  )
}
