import { readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { checkPackage } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { type Breach, report } from './breach.ts'
import { packed, packedContents, packedFiles, packedText } from './packed.ts'
import { root } from './root.ts'

const pack = packed()
const files = new Set(packedFiles(pack))

/** Whoever installs the package, or this repository, gets exactly the locked versions. */
function lockBreaches(): Breach[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries<{ integrity?: string; link?: boolean; resolved?: string }>(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { integrity, link, resolved }]) => [
      ...(integrity === undefined && !link ? [breach('package-lock.json', `"${path}" has no "integrity"`)] : []),
      ...(resolved === undefined ? [] : [breach('package-lock.json', `"${path}" names the registry "${resolved}"`)]),
    ])
}

/** Nothing runs during the installation of the package. */
function scriptBreaches(): Breach[] {
  const { scripts = {} } = JSON.parse(packedText(pack, 'package.json'))
  return ['preinstall', 'install', 'postinstall', 'prepare']
    .filter(name => name in scripts)
    .map(name => breach('package.json', `the script "${name}" runs where the package is installed`))
}

/** Every link of a packed page leads to a packed file, or to another site. */
function linkBreaches(): Breach[] {
  return [...files]
    .filter(file => file.endsWith('.md'))
    .flatMap(page =>
      [...packedText(pack, page).matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)/g)]
        .map(([, link = '']) => ({ link, path: normalize(join(dirname(page), link)) }))
        .filter(({ path }) => !files.has(path))
        .map(({ link }) => breach(page, `"${link}" is not in the package`)),
    )
}

/** What compilers find by "exports": this package has no CommonJS, and none needs it who has Node 24. */
async function typeBreaches(): Promise<Breach[]> {
  const result = await checkPackage(pack)
  if (!result.types) return [breach('package.json', 'the package has no types')]
  return result.problems
    .filter(problem => problem.kind !== 'CJSResolvesToESM')
    .filter(problem => !('resolutionKind' in problem) || problem.resolutionKind !== 'node10')
    .map(({ kind, ...where }) => breach('package.json', `${kind}: ${JSON.stringify(where)}`))
}

/** What bundlers and other run times make of the fields of package.json. */
async function fieldBreaches(): Promise<Breach[]> {
  const { messages, pkg } = await publint({
    pkgDir: 'package',
    pack: { files: [...packedContents(pack)] },
    strict: true,
  })
  return messages.map(message => breach('package.json', formatMessage(message, pkg, { color: false }) ?? message.code))
}

function breach(file: string, text: string): Breach {
  return { file, line: 1, text }
}

const missing = ['SECURITY.md', 'README.md', 'CHANGELOG.md', 'LICENSE']
  .filter(file => !files.has(file))
  .map(file => breach('package.json', `"${file}" is not in the package`))
const breaches = [
  ...lockBreaches(),
  ...scriptBreaches(),
  ...missing,
  ...linkBreaches(),
  ...(await typeBreaches()),
  ...(await fieldBreaches()),
]
report('The package', breaches, `${files.size} files; every locked package has its integrity`)
