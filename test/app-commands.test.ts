import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Receiver } from './support/receiver.ts'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const PACKAGE = new URL('../dist/index.js', import.meta.url).href

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-app-'))
})
after(() => rm(folder, { recursive: true }))

/** An application that responds with a word. */
const appThatSays = (word: string, end = 'export { app }') => `
import { Ringback } from ${JSON.stringify(PACKAGE)}
const app: Ringback = new Ringback({ title: 'Words', version: '1.0.0' })
app.get('/word', {}, async function readWord() { return new Response(${word}) })
app.get('/hang', { documented: false }, () => new Promise<void>(() => {}))
${end}
`

const write = (name: string, text: string) => writeFile(join(folder, name), text)

const environment = (more: Readonly<Record<string, string>> = {}) => {
  const { PORT: _, ...env } = process.env
  return { ...env, ...more }
}

function ringback(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd: folder, env: environment() }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

/** A running command, with its output. */
class Running {
  readonly child: ChildProcess
  #printed = ''
  #read = 0
  #heard = Promise.withResolvers<void>()

  constructor(t: TestContext, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder, env: environment(env) })
    const hear = (chunk: Buffer) => {
      this.#printed += chunk
      this.#heard.resolve()
      this.#heard = Promise.withResolvers()
    }
    this.child.stdout?.on('data', hear)
    this.child.stderr?.on('data', hear)
    t.after(() => this.child.kill('SIGKILL'))
  }

  /** All that it has printed. */
  get output(): string {
    return this.#printed
  }

  /** The first match in the output that has not been waited for yet. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#printed.slice(this.#read))
      if (found !== null) {
        this.#read += found.index + found[0].length
        return found
      }
      await this.#heard.promise
    }
  }

  /** Ends it by a signal and gives its exit code. */
  async ended(signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(this.child, 'exit')
    this.child.kill(signal)
    return (await exit)[0] as number | null
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const word = async (url: string) => (await fetch(`${url}/word`)).text()

describe('ringback run', () => {
  it('serves the export "app" of a file or its default export, until a signal', async t => {
    for (const [name, end] of Object.entries({ 'named.ts': 'export { app }', 'default.ts': 'export default app' })) {
      await write(name, appThatSays('String(import.meta.main)', end))
      const running = new Running(t, ['run', name, '--port', '0', '--host', '127.0.0.1'])
      const [, url = ''] = await running.says(/Serving at (\S+)/)
      assert.equal(await word(url), 'false')
      assert.equal(await running.ended('SIGTERM'), 0)
    }
  })

  it('takes the port from the environment, and the environment from a file', async t => {
    await write('app.ts', appThatSays("process.env['WORD'] ?? ''"))
    await write('word.env', 'WORD=hello\n')
    const port = await freePort()
    const running = new Running(t, ['run', 'app.ts', '--env-file', 'word.env'], { PORT: String(port) })
    await running.says(/Serving at/)
    assert.equal(await word(`http://localhost:${port}`), 'hello')
    const { code, stderr } = await ringback('run', 'app.ts', '--port', String(port))
    assert.deepEqual([code, stderr], [1, `The port ${port} is taken: give another with --port, or end what uses it\n`])
  })

  it('says what is missing', async () => {
    await write('empty.ts', 'export const api = 1')
    await write('number.ts', 'export default 7')
    await write('copy.ts', 'export const app = new (class Ringback {})()')
    await write('broken.ts', "throw new Error('no database')")
    const refusal = async (...args: readonly string[]) => {
      const { code, stderr } = await ringback(...args)
      assert.equal(code, 1)
      return stderr
    }
    assert.equal(await refusal('run', 'none.ts'), 'There is no file "none.ts"\n')
    assert.equal(await refusal('dev', 'none.ts'), 'There is no file "none.ts"\n')
    assert.match(await refusal('run', 'empty.ts'), /^"empty.ts" exports no application: export it as "app"/)
    assert.match(await refusal('openapi', 'number.ts'), /^"number.ts" exports something else than an application/)
    assert.match(await refusal('run', 'copy.ts'), /was made by another copy of Ringback/)
    assert.match(
      await refusal('run', 'broken.ts'),
      /^Error: no database\n.*broken\.ts:1.*\n"broken\.ts" cannot be loaded: the error stands above\n$/s,
    )
    // Node reads this option itself, wherever it stands, and may refuse it first.
    const { code, stderr } = await ringback('run', 'empty.ts', '--env-file', 'none.env')
    assert.notEqual(code, 0)
    assert.match(stderr, /none\.env/)
    assert.equal((await ringback('run', 'empty.ts', '--port', '70000')).code, 2)
  })
})

describe('ringback dev', () => {
  it('serves each change on the same port, and waits after a failed start', async t => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    await write('part.ts', "export const part = 'one'")
    const withPart = appThatSays('part').replace('\n', "\nimport { part } from './part.ts'\n")
    await write('dev.ts', withPart)
    const running = new Running(t, ['dev', 'dev.ts', '--port', String(port)])
    await running.says(/Serving at (\S+)/)
    assert.equal(await word(url), 'one')

    await write('part.ts', "export const part = 'two'")
    await running.says(/Serving at (\S+)/)
    assert.equal(await word(url), 'two')

    await write('dev.ts', withPart.replace("'/word'", "'word'"))
    await running.says(/DefinitionError: .*"word"/)
    await write('dev.ts', 'const = 1')
    await running.says(/SyntaxError/)
    await write('dev.ts', "import './missing.ts'")
    await running.says(/Cannot find module/)

    await write('missing.ts', '')
    await running.says(/exports no application/)

    await write('dev.ts', appThatSays("'four'"))
    await running.says(/Serving at (\S+)/)
    assert.equal(await word(url), 'four')
    assert.equal(await running.ended('SIGTERM'), 0)
    await assert.rejects(fetch(url))
  })

  it('sees each change of an editor that puts a new file in place of the old one, and of the environment file', async t => {
    const replace = async (name: string, text: string) => {
      await write(`${name}~`, text)
      await rename(join(folder, `${name}~`), join(folder, name))
    }
    const app = appThatSays("process.env['WORD'] ?? ''")
    await write('replaced.ts', 'const = 1')
    await write('replaced.env', 'WORD=one\n')
    const running = new Running(t, ['dev', 'replaced.ts', '--port', '0', '--env-file', 'replaced.env'])
    await running.says(/SyntaxError/)
    const served = async () => word((await running.says(/Serving at (\S+)/))[1]!)
    await replace('replaced.ts', app)
    assert.equal(await served(), 'one')
    for (const next of ['two', 'three']) {
      await replace('replaced.env', `WORD=${next}\n`)
      assert.equal(await served(), next)
    }
    await replace('replaced.ts', `${app}// changed`)
    const [, url = ''] = await running.says(/Serving at (\S+)/)
    // Who cannot end it in order leaves no server behind.
    const closed = fetch(`${url}/hang`).catch(() => 'closed')
    running.child.kill('SIGKILL')
    assert.equal(await closed, 'closed')
  })
})

describe('ringback dev and run', () => {
  it('keep deliveries beside the application, and send them', async t => {
    const receiver = new Receiver((response, _count) => response.end('{"ok":true}'))
    await receiver.start()
    t.after(() => receiver.stop())
    await write('package.json', '{"type":"module"}')
    await write(
      'paid.ts',
      `
import { Ringback, callback } from ${JSON.stringify(PACKAGE)}
import { z } from ${JSON.stringify(import.meta.resolve('zod'))}
export const app = new Ringback({ title: 'Paid', version: '1.0.0' })
const paid = callback.post('{$callback_url}/paid', { body: z.object({ n: z.number() }) })
app.post('/pay', { query: z.object({ callback_url: z.url() }), callbacks: { paid } }, async ({ callbacks }) => {
  await callbacks.paid.send({ n: 1 })
})
`,
    )
    for (const args of [
      ['dev', 'paid.ts'],
      ['run', 'paid.ts', '--allow-loopback'],
    ]) {
      const running = new Running(t, [...args, '--port', '0'])
      const [, port] = await running.says(/Serving at \S+:(\d+)/)
      await running.says(new RegExp(`Deliveries stored in ${join(folder, '.ringback/deliveries.sqlite')}`))
      const before = receiver.received.length
      const url = `http://127.0.0.1:${port}/pay?callback_url=${receiver.url}`
      assert.equal((await fetch(url, { method: 'POST' })).status, 204)
      await receiver.until(() => receiver.received.length > before)
      assert.equal(await running.ended('SIGTERM'), 0)
      assert.doesNotMatch(running.output, /does not answer/)
    }
  })
})

describe('ringback openapi', () => {
  it('prints the document as JSON or YAML, or writes it', async () => {
    await write('app.ts', appThatSays("''"))
    const { stdout } = await ringback('openapi', 'app.ts')
    assert.equal(JSON.parse(stdout).paths['/word'].get.operationId, 'readWord')
    assert.match((await ringback('openapi', 'app.ts', '--yaml')).stdout, /^openapi: .*\n {2}title: Words$/ms)
    await ringback('openapi', 'app.ts', '--output', 'api.yaml')
    assert.match(await readFile(join(folder, 'api.yaml'), 'utf8'), /^openapi: /)
    await ringback('openapi', 'app.ts', '--output', 'api.json')
    assert.equal(await readFile(join(folder, 'api.json'), 'utf8'), stdout)
  })

  it('compares the document with a file, whatever its layout', async () => {
    await write('app.ts', appThatSays("''"))
    await ringback('openapi', 'app.ts', '--output', 'known.yaml')
    const { stdout } = await ringback('openapi', 'app.ts')
    await write('known.json', JSON.stringify(JSON.parse(stdout)))
    for (const name of ['known.yaml', 'known.json'])
      assert.deepEqual(await ringback('openapi', 'app.ts', '--check', name), {
        ...{ code: 0, stdout: '', stderr: `"${name}" is up to date\n` },
      })

    await write('app.ts', appThatSays("''").replace('readWord', 'getWord'))
    const { code, stdout: lines, stderr } = await ringback('openapi', 'app.ts', '--check', 'known.yaml')
    assert.equal(code, 1)
    assert.match(
      stderr,
      /^The document has changed since "known.yaml" was written: write it anew with --output known.yaml/,
    )
    assert.match(lines, /^- {7}operationId: readWord$/m)
    assert.match(lines, /^\+ {7}operationId: getWord$/m)
    // Another order of its members is no difference.
    const reversed = Object.fromEntries(Object.entries(JSON.parse(stdout)).reverse())
    await write('reversed.json', JSON.stringify(reversed))
    const { stdout: few } = await ringback('openapi', 'app.ts', '--check', 'reversed.json')
    assert.deepEqual(
      few.match(/^[-+] .*/gm)?.map(line => line.replace(/ +/, ' ')),
      [
        '- "summary": "Read word",',
        '- "operationId": "readWord",',
        '+ "summary": "Get word",',
        '+ "operationId": "getWord",',
      ],
    )
    assert.equal((await ringback('openapi', 'app.ts', '--check', 'none.yaml')).code, 1)
    assert.equal((await ringback('openapi', 'app.ts', '--check', 'a.yaml', '--output', 'b.yaml')).code, 2)
  })
  it('ends, and prints nothing else, whatever the application says and holds open', async () => {
    await write('holds.ts', `${appThatSays("''")}\nconsole.log('loading')\nsetInterval(() => {}, 1_000)`)
    await write('needs.env', 'NEEDED=1\n')
    const { code, stdout, stderr } = await ringback('openapi', 'holds.ts')
    assert.deepEqual([code, stderr, JSON.parse(stdout).info.title], [0, 'loading\n', 'Words'])
    await write('needs.ts', `${appThatSays("''")}\nif (!process.env['NEEDED']) throw new Error('NEEDED is not set')`)
    assert.equal((await ringback('openapi', 'needs.ts')).code, 1)
    assert.equal((await ringback('openapi', 'needs.ts', '--env-file', 'needs.env')).code, 0)
    const nowhere = await ringback('openapi', 'holds.ts', '--output', 'nowhere/api.json')
    assert.equal(nowhere.code, 1)
    assert.match(nowhere.stderr, /^loading\nThe document cannot be written to "nowhere\/api.json": ENOENT.*\n$/)
  })
})
