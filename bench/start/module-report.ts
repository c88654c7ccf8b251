import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { printTable } from '../report/table.ts'
import { startUntilFirstResponse } from './first-response.ts'

interface LoadedModule {
  readonly url: string
  readonly bytes: number
  /** Reading it and stripping its types. */
  readonly loadMs: number
}

/**
 * Prints which packages, and which parts of Ringback, are loaded before the first response, and which files are
 * largest.
 */
export async function printModules(application: string, env: Record<string, string>, folder: string): Promise<void> {
  const file = join(folder, 'modules.json')
  const recorder = join(import.meta.dirname, 'record-modules.mjs')
  await startUntilFirstResponse({
    arguments: ['--import', recorder, application],
    env: { ...env, MODULES_FILE: file },
  })
  const modules = JSON.parse(readFileSync(file, 'utf8')) as LoadedModule[]
  printTable(
    ['loaded before the first response', 'modules', 'KB', 'reading, ms'],
    [...Map.groupBy(modules, ({ url }) => groupOf(url))]
      .map(([name, group]) => ({ name, count: group.length, bytes: sum(group, 'bytes'), loadMs: sum(group, 'loadMs') }))
      .toSorted((a, b) => b.bytes - a.bytes)
      .map(({ name, count, bytes, loadMs }) => [name, count, (bytes / 1024).toFixed(0), loadMs.toFixed(1)]),
  )
  console.log()
  printTable(
    ['largest modules', 'KB'],
    modules
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, 15)
      .map(({ url, bytes }) => [nameOf(url), (bytes / 1024).toFixed(0)]),
  )
}

function sum(modules: readonly LoadedModule[], key: 'bytes' | 'loadMs'): number {
  return modules.reduce((total, module) => total + module[key], 0)
}

/** The package, or the folder of Ringback itself. */
function groupOf(url: string): string {
  const parts = nameOf(url).split('/')
  return parts.slice(0, parts[0]?.startsWith('@') || parts[0] === 'ringback' ? 2 : 1).join('/')
}

function nameOf(url: string): string {
  const [, inPackage] = /.*\/node_modules\/(.+)$/.exec(url) ?? []
  return inPackage ?? url.replace(/^.*\/dist\/(?:lib\/)?/, 'ringback/').replace(/^file:.*\//, '')
}
