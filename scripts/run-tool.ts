import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './root.ts'

const tools = {
  tsc: 'typescript/bin/tsc',
  'tsc-5.9': 'typescript-5.9/bin/tsc',
  biome: '@biomejs/biome/bin/biome',
  knip: 'knip/bin/knip.js',
} as const

/** How a program ended, and its whole output. */
export interface ToolResult {
  readonly ok: boolean
  readonly output: string
}

/** Runs a development dependency of this repository, in `directory` (the repository's own by default). */
export function runTool(tool: keyof typeof tools, args: readonly string[], directory: string = root): ToolResult {
  return runNode(toolArguments(tool, args), directory)
}

/** The options of Node that a development dependency needs. */
export function toolArguments(tool: keyof typeof tools, args: readonly string[]): string[] {
  return [join(root, 'node_modules', tools[tool]), ...args]
}

/** Runs a program with the same Node. */
export function runNode(args: readonly string[], directory: string = root, timeoutMs?: number): ToolResult {
  const options = { cwd: directory, encoding: 'utf8', maxBuffer: 2 ** 28, timeout: timeoutMs } as const
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, options)
  return { ok: status === 0, output: [stdout, stderr, error?.message].filter(Boolean).join('\n').trimEnd() }
}

/** The same beside others, in the repository's directory. */
export function startNode(args: readonly string[]): Promise<ToolResult> {
  const { promise, resolve } = Promise.withResolvers<ToolResult>()
  execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 28 }, (error, stdout, stderr) =>
    resolve({ ok: error === null, output: [stdout, stderr].filter(Boolean).join('\n').trimEnd() }),
  )
  return promise
}
