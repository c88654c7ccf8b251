import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../scripts/root.ts'

/**
 * `npm run docs` makes the site in `site/dist`; `npm run docs -- dev` serves it and follows changes. What follows is
 * handed to VitePress, such as `--base /ringback/` for a site below a path.
 */
const site = join(root, 'site')

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: site, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

/** A program that a package of the site has. */
const runNode = (program: string, ...args: readonly string[]): void =>
  run(process.execPath, [join('node_modules', program), ...args])

/** Its tools stand apart: TypeDoc needs a compiler that the project itself no longer uses. */
function installTools(): void {
  const { devDependencies } = manifestIn(site) as { devDependencies: Record<string, string> }
  const isInstalled = ([name, version]: [string, string]) =>
    existsSync(join(site, 'node_modules', name)) &&
    (manifestIn(join(site, 'node_modules', name)) as { version: string }).version === version
  if (!Object.entries(devDependencies).every(isInstalled)) run('npm', ['ci'])
}

const manifestIn = (folder: string): unknown => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

const [command = 'build', ...rest] = process.argv[2]?.startsWith('-')
  ? ['build', ...process.argv.slice(2)]
  : process.argv.slice(2)
installTools()
rmSync(join(site, 'api'), { recursive: true, force: true })
runNode('typedoc/bin/typedoc')
runNode('vitepress/bin/vitepress.js', command, '.', ...rest)
