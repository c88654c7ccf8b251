import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import { generateSecret } from '../../signature/generate.ts'
import { sign } from '../../signature/sign.ts'

const root = new URL('../../../../', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'ringback-code-'))
const secret = generateSecret()
const running: ChildProcess[] = []
after(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

type Code = (of: {
  path: string
  hasBody: boolean
  response?: string
}) => Record<'TypeScript' | 'Python' | 'Go', string>

const codeOf: Code = options => {
  const window: { RingbackVerificationCode?: Code } = {}
  runInNewContext(readFileSync(join(root, 'src/lib/docs/browser/panel-code.js'), 'utf8'), { window })
  return window.RingbackVerificationCode!(options)
}

const isThere = (program: string, ...args: readonly string[]) => spawnSync(program, args).status === 0

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a receiver and sends to it: the statuses of a genuine message, a forged one and an old one, and the body. */
async function tried(program: string, args: readonly string[], body: string): Promise<unknown[]> {
  const port = await freePort()
  const env = { ...process.env, WEBHOOK_SECRET: secret, PORT: String(port) }
  const child = spawn(program, args, { cwd: folder, env, stdio: 'ignore' })
  running.push(child)
  const at = `http://127.0.0.1:${port}/events/invoices/7`
  const send = async (signed: string, seconds: number) => {
    const timestamp = Math.floor(Date.now() / 1_000) - seconds
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': '' }
    headers['webhook-signature'] = `v1a,AAAA ${sign({ id: 'msg_1', timestamp, body: signed, secrets: [secret] })}`
    const response = await fetch(at, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    })
    return [response.status, await response.text()] as const
  }
  await listening(port, child)
  const [genuine, text] = await send(body, 0)
  return [genuine, text, (await send(`${body} `, 0))[0], (await send(body, 600))[0]]
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isOpen = await new Promise<boolean>(resolve => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return
  }
  throw new Error('The receiver has ended')
}

describe('The code to verify with', () => {
  const path = '/events/invoices/{id}'
  const withBody = codeOf({ path, hasBody: true, response: `{"ok":true,"note":"it's"}` })
  const without = codeOf({ path, hasBody: false })
  const answers = `{"ok":true,"note":"it's"}`

  it('runs in TypeScript', async () => {
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'with.ts'), withBody.TypeScript)
    writeFileSync(join(folder, 'without.ts'), without.TypeScript)
    assert.deepEqual(await tried(process.execPath, ['with.ts'], '{"paid":true}'), [200, answers, 401, 401])
    assert.deepEqual(await tried(process.execPath, ['without.ts'], ''), [204, '', 401, 401])
  })

  it('runs in Python', { skip: !isThere('python3', '--version') }, async () => {
    writeFileSync(join(folder, 'with.py'), withBody.Python)
    writeFileSync(join(folder, 'without.py'), without.Python)
    assert.deepEqual(await tried('python3', ['with.py'], '{"paid":true}'), [200, answers, 401, 401])
    assert.deepEqual(await tried('python3', ['without.py'], ''), [204, '', 401, 401])
  })

  it('runs in Go', { skip: !isThere('go', 'version') }, async () => {
    writeFileSync(join(folder, 'with.go'), withBody.Go)
    const built = spawnSync('go', ['build', '-o', 'with', 'with.go'], { cwd: folder, encoding: 'utf8' })
    assert.equal(built.status, 0, built.stderr)
    assert.deepEqual(await tried(join(folder, 'with'), [], '{"paid":true}'), [200, answers, 401, 401])
  })
})
