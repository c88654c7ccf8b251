import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DefinitionError } from '../../definition/definition-error.ts'
import { quoted } from '../../definition/quoted.ts'
import { once } from '../../once.ts'
import { parseMountPath } from './mount-path.ts'
import type { MountRoute } from './mount-route.ts'
import { checkedStaticOptions, type StaticOptions } from './static-options.ts'

/**
 * The route of the files in a directory. What serves them is loaded with the first request. `basePath` is what a proxy, or
 * another application, has removed from the beginning of each path.
 */
export function staticMount(
  path: string,
  directory: string | URL,
  options: StaticOptions,
  basePath: () => string,
): MountRoute {
  const template = parseMountPath(path)
  const checked = checkedStaticOptions(options, path)
  const folder = pathOf(directory, path)
  const files = once(async () => {
    const { StaticFiles } = await import('./static-files.ts')
    return new StaticFiles(folder, { template, basePath, ...checked })
  })
  return {
    kind: 'mount',
    template,
    respond: async view => (await files()).respond(view),
    ...(checked.fallback !== undefined && { otherwise: async view => (await files()).fallBack(view) }),
    check() {
      if (!checked.mayBeMissing && statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new DefinitionError(
          `The directory "${folder}" of the files at "${path}" does not exist: make it first, or say "mayBeMissing: true"`,
        )
    },
  }
}

function pathOf(directory: string | URL, path: string): string {
  if (directory instanceof URL && directory.protocol === 'file:') return fileURLToPath(directory)
  if (typeof directory === 'string' && directory !== '' && !directory.includes('\0')) return resolve(directory)
  throw new DefinitionError(
    `The directory of the files at "${path}" is ${quoted(directory)}: give a path, or a file: URL such as new URL('./public', import.meta.url)`,
  )
}
