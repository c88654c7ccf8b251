import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const keys = fileURLToPath(new URL('documents/keys.yaml', import.meta.url))

const clean = `openapi: 3.1.0
info: { title: Clean, version: '1' }
webhooks: { paid: { post: { responses: { '204': { description: OK } } } } }
`
const broken = `openapi: 3.0.3\r
info: { title: "Ünïcode", version: '1' } # A comment stays\r
paths:\r
  /a:\r
    post:\r
      requestBody: { content: { application/json: { schema: { type: object, properties: { url: { type: string } } } } } }\r
      responses: { '201': { description: Created } }\r
      callbacks:\r
        changed:\r
          "{request.body#/url}":   # so does this\r
            post: { responses: { '204': { description: OK } } }\r
`

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-check-'))
  await copyFile(keys, join(folder, 'keys.yaml'))
  await writeFile(join(folder, 'clean.yaml'), clean)
  await writeFile(join(folder, 'broken.yaml'), broken)
})
after(() => rm(folder, { recursive: true }))

function check(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, 'check', ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

describe('ringback check', () => {
  it('tells by its exit code: 0 clean, 1 mistakes, 2 what cannot be read', async () => {
    const [passes, fails, unreadable] = await Promise.all([
      check('clean.yaml'),
      check('broken.yaml', 'clean.yaml'),
      check('none.yaml'),
    ])
    assert.deepEqual([passes.code, fails.code, unreadable.code], [0, 1, 2])
    assert.match(passes.stdout, /^paid +POST +webhook +clean\.yaml:3:13 +-\n\n0 callbacks, 1 webhook, 0 mistakes$/m)
    assert.match(
      fails.stdout,
      /^broken\.yaml:10:11 {2}error missing-dollar\n.*lacks the "\$".*\n {2}Write "\{\$request\.body#\/url\}"$/m,
    )
    assert.match(unreadable.stderr, /^The document "none\.yaml" cannot be read: There is no such file$/m)
  })

  it('prints SARIF 2.1.0 with rules, places and replacements', async () => {
    const { code, stdout } = await check('keys.yaml', '--format', 'sarif')
    assert.equal(code, 1)
    const { version, runs } = JSON.parse(stdout)
    const [{ tool, results, columnKind }] = runs
    assert.deepEqual([version, tool.driver.name, columnKind], ['2.1.0', 'ringback', 'utf16CodeUnits'])
    for (const { ruleId, ruleIndex, level, message, locations } of results) {
      assert.equal(tool.driver.rules[ruleIndex].id, ruleId)
      assert.ok(['error', 'note'].includes(level))
      assert.ok(message.text.length > 10)
      assert.equal(locations[0].physicalLocation.artifactLocation.uri, 'keys.yaml')
      assert.ok(locations[0].physicalLocation.region.startLine > 0)
    }
    assert.ok(results.some((result: { fixes?: unknown[] }) => result.fixes !== undefined))
  })

  it('writes corrected keys with --fix, leaves every other byte, and then finds nothing', async () => {
    const { code, stdout } = await check('broken.yaml', '--fix')
    assert.equal(code, 0)
    assert.match(stdout, /"\{request\.body#\/url\}" is now "\{\$request\.body#\/url\}"/)
    assert.equal(await readFile(join(folder, 'broken.yaml'), 'utf8'), broken.replace('{request', '{$request'))
  })
})
