import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { root } from '../scripts/root.ts'
import { ImageBuild } from './starter-image.ts'
import { linkingPath, unpackPackage } from './starter-packages.ts'

const execute = promisify(execFile)

/** The starter as a user gets it: copied by the packed command, and with the packed package. */
describe('The starter', { skip: process.platform === 'win32' }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-starter-'))
  const app = join(folder, 'reports-api')
  let env: NodeJS.ProcessEnv

  before(async () => {
    const packages = unpackPackage(folder)
    const { API_KEYS: _, RINGBACK_STORE: __, ...inherited } = process.env
    env = { ...inherited, NODE_TEST_CONTEXT: undefined, PATH: linkingPath(folder, packages) }
    await execute(process.execPath, [join(packages, 'ringback/dist/lib/cli/main.js'), 'new', app], { env })
    // What `npm install` makes.
    writeFileSync(join(app, 'package-lock.json'), '{}')
  })
  after(() => rmSync(folder, { recursive: true }))

  const shell = (command: string, cwd = app) => execute('/bin/sh', ['-c', command], { cwd, env })

  it('is copied with its hidden files, and is called like its folder', () => {
    for (const file of ['.gitignore', '.dockerignore', '.github/workflows/ci.yml', 'app.ts', 'app.test.ts'])
      assert.ok(existsSync(join(app, file)), file)
    assert.equal(JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')).name, 'reports-api')
  })

  it('is not copied over what is there', async () => {
    const again = execute(process.execPath, [join(folder, 'node_modules/ringback/dist/lib/cli/main.js'), 'new', app])
    await assert.rejects(again, { code: 1, stderr: /is not empty: name a folder that does not exist yet/ })
  })

  it('has the versions that the project is tested with', () => {
    const starter = JSON.parse(readFileSync(join(root, 'examples/starter/package.json'), 'utf8'))
    const { version, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const tested = { ...devDependencies, ringback: version }
    for (const [name, used] of Object.entries({ ...starter.dependencies, ...starter.devDependencies }))
      assert.equal(used, tested[name], name)
  })

  it('passes its CI: types and test', async () => {
    const { jobs } = parse(readFileSync(join(app, '.github/workflows/ci.yml'), 'utf8'))
    const commands = jobs.test.steps.flatMap(({ run }: { readonly run?: string }) => run ?? [])
    assert.deepEqual(commands, ['npm ci', 'npm run check', 'npm test'])
    let output = ''
    for (const command of commands) output += (await shell(command)).stdout
    assert.match(output, /pass 3\n/)
  })

  it('starts by each of its scripts, and ends in order', async () => {
    assert.equal(await orderReport(started('npm run dev -- --port 0'), 'try-me'), 202)
    env['API_KEYS'] = 'secret=ada'
    assert.equal(await orderReport(started('npm start -- --port 0'), 'secret'), 202)
  })

  it('is built and run by its Dockerfile', async () => {
    env['API_KEYS'] = 'secret=ada'
    mkdirSync(join(folder, 'image'))
    const image = new ImageBuild(app, join(folder, 'image'), env)
    const command = await image.build(readFileSync(join(app, 'Dockerfile'), 'utf8'))
    assert.ok(
      !existsSync(join(image.directory, 'node_modules/typescript')),
      'The image has what only development needs',
    )
    const options = { cwd: image.directory, env: { ...image.env, PORT: '0' }, detached: true }
    const server = spawn(command[0] ?? '', command.slice(1), options)
    assert.equal(await orderReport(server, 'secret'), 202)
    assert.ok(existsSync(join(folder, 'image/app/data/deliveries.sqlite')))
  })

  /** A program of the starter in a process group of its own. */
  const started = (command: string) => spawn('/bin/sh', ['-c', `exec ${command}`], { cwd: app, env, detached: true })

  /** Orders a report of a server as soon as it listens, ends its process group, and gives the status of the response. */
  async function orderReport(server: ReturnType<typeof spawn>, key: string): Promise<number> {
    // npm tells the shell below it of a signal, and that does not tell the server.
    const ended = once(server, 'close')
    const url = await listening(server)
    const headers = { 'content-type': 'application/json', 'x-api-key': key }
    const response = await fetch(new URL('/reports', url), {
      method: 'POST',
      headers,
      body: '{"title":"Tides","pages":2}',
    })
    process.kill(-server.pid!, 'SIGTERM')
    await ended
    return response.status
  }

  /** The address that a server prints when it listens; rejects with what it prints if it ends without. */
  function listening(server: ReturnType<typeof spawn>): Promise<string> {
    let output = ''
    return new Promise((resolve, reject) => {
      for (const stream of [server.stdout, server.stderr])
        stream?.setEncoding('utf8').on('data', text => {
          output += text
          const [url] = /http:\/\/[\w.[\]:]+:\d+/.exec(output) ?? []
          if (url !== undefined) resolve(url)
        })
      server.once('close', () => reject(new Error(`It did not start: ${output}`)))
    })
  }
})
