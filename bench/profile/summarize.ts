import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { printTable } from '../report/table.ts'

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: CallFrame
  readonly children?: readonly number[]
}

interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { top: { type: 'string', default: '30' } },
})
const [path = '.'] = positionals
const files = statSync(path).isDirectory() ? globSync(join(path, '*.cpuprofile')) : [path]
for (const file of files) summarize(file)

/** Prints where the time of one profile went: by package, then by function, without the time in which it waited. */
function summarize(file: string): void {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const selfOf = new Map<number, number>()
  for (const [index, id] of profile.samples.entries())
    selfOf.set(id, (selfOf.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0))
  const groups = new Map<string, number>()
  const functions = new Map<string, { self: number; total: number }>()
  const byId = new Map(profile.nodes.map(node => [node.id, node]))

  // The total of a function that calls itself is counted once, at its outermost call.
  const walk = (node: ProfileNode, above: ReadonlySet<string>): number => {
    const name = nameOf(node.callFrame)
    const inside = above.has(name) ? above : new Set(above).add(name)
    const self = node.callFrame.functionName === '(idle)' ? 0 : (selfOf.get(node.id) ?? 0)
    const below = (node.children ?? []).reduce((sum, id) => sum + walk(byId.get(id)!, inside), 0)
    const group = groupOf(node.callFrame)
    groups.set(group, (groups.get(group) ?? 0) + self)
    const entry = functions.get(name) ?? { self: 0, total: 0 }
    entry.self += self
    if (!above.has(name)) entry.total += self + below
    functions.set(name, entry)
    return self + below
  }
  const total = walk(profile.nodes[0]!, new Set())

  const percent = (time: number) => ((time / total) * 100).toFixed(1)
  console.log(`\n${file}: ${(total / 1000).toFixed(0)} ms of work`)
  const top = Number(values.top)
  const byTime = [...groups].sort((a, b) => b[1] - a[1]).filter(([, time]) => time / total > 0.002)
  printTable(
    ['package', 'self, %'],
    byTime.map(([name, time]) => [name, percent(time)]),
  )
  const bySelf = [...functions].sort((a, b) => b[1].self - a[1].self).slice(0, top)
  console.log()
  printTable(
    ['function', 'self, %', 'total, %'],
    bySelf.map(([name, time]) => [name, percent(time.self), percent(time.total)]),
  )
  const own = [...functions].filter(([name]) => name.includes('ringback/')).sort((a, b) => b[1].total - a[1].total)
  if (own.length === 0) return
  console.log()
  printTable(
    ['of Ringback, by total', 'self, %', 'total, %'],
    own.slice(0, top).map(([name, time]) => [name, percent(time.self), percent(time.total)]),
  )
}

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const place = url === '' ? '' : ` ${shortUrl(url)}:${lineNumber + 1}`
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`
}

function groupOf({ functionName, url }: CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)'
  if (url.startsWith('node:')) return url.split('/').slice(0, 2).join('/')
  const short = shortUrl(url)
  return short.startsWith('ringback/') ? short.split('/').slice(0, 2).join('/') : packageOf(short)
}

function packageOf(short: string): string {
  return short
    .split('/')
    .slice(0, short.startsWith('@') ? 2 : 1)
    .join('/')
}

/** A path from the package's name on. */
function shortUrl(url: string): string {
  if (url.startsWith('node:')) return url
  const [, inPackage] = /.*\/node_modules\/(.+)$/.exec(url) ?? []
  if (inPackage !== undefined) return inPackage
  const [, own] = /\/dist\/(?:lib\/)?(.+)$/.exec(url) ?? []
  if (own !== undefined) return `ringback/${own}`
  return url.replace(/^.*\/bench\//, 'bench/')
}
