import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lib } from '../../location.ts'
import { CommandError } from '../command-error.ts'
import { printLines } from '../terminal.ts'

/** `ringback new` */
export function newApp(folder: string): void {
  const target = resolve(folder)
  if (existsSync(target) && readdirSync(target).length > 0)
    throw new CommandError(`"${folder}" is not empty: name a folder that does not exist yet`)
  cpSync(fileURLToPath(new URL('../../examples/starter/', lib())), target, { recursive: true })
  // npm packs no file of this name.
  renameSync(join(target, 'gitignore'), join(target, '.gitignore'))
  nameAfter(target)
  printLines([
    `A starter is in ${target}: an API with a callback, its test, a container and CI`,
    `  cd ${folder} && npm install && npm run dev`,
  ])
}

/** The package is called like its folder, where npm takes that name. */
function nameAfter(target: string): void {
  const name = basename(target).toLowerCase()
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return
  const manifest = join(target, 'package.json')
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"my-api"', `"${name}"`))
}
