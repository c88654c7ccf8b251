import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('programs/unchecked-responses.ts', import.meta.url))

async function run(...flags: string[]) {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program])
  return JSON.parse(stdout) as Record<string, unknown>
}

const body = { ok: true }

test('responses are checked where that is possible, and a call loads nothing for it', async () => {
  assert.deepEqual(await run(), {
    called: body,
    loadedByCall: 0,
    delivered: Array(3).fill(['delivered', 1, true]),
    received: Array(3).fill(body),
    lines: [],
    loaded: true,
  })
})

test('where code generation is forbidden responses are not checked, nothing is sent again, and the log says it once', async () => {
  const { lines, ...rest } = await run('--disallow-code-generation-from-strings')
  assert.deepEqual(rest, {
    called: body,
    loadedByCall: 0,
    delivered: Array(3).fill(['delivered', 1, null]),
    received: Array(3).fill(body),
    loaded: true,
  })
  assert.equal((lines as string[]).length, 1)
  assert.match(String(lines), /not checked/)
})
