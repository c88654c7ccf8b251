import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createDelivery, type DeliveryRequest } from 'ringback/delivery'
import { generateSecret, recipientSecret, sign, signingKeyPair, verify } from 'ringback/signature'
import { sqliteStore } from 'ringback/sqlite'
import { Receiver } from './support/receiver.ts'

const PROGRAM = fileURLToPath(new URL('../dist/lib/cli/main.js', import.meta.url))
const MASTER_SECRET = 'a master secret that only this test knows'
const DAY_MS = 86_400_000

let folder: string
let path: string
/** Responds with 200 and text that would control a terminal, but with 503 below /broken. */
const receiver = new Receiver((response, count) => {
  if (receiver.received[count - 1]?.url === '/broken') response.writeHead(503).end('no')
  else response.writeHead(200, { 'set-cookie': 'session=hidden' }).end('{"ok":\u001b]0;owned\u0007true}')
})
const ids = { delivered: '', failed: '', waiting: '' }

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command as a shell would. */
function ringback(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { RINGBACK_STORE: _, RINGBACK_MASTER_SECRET: __, ...inherited } = process.env
  const env = { ...inherited, RINGBACK_MASTER_SECRET: MASTER_SECRET, ...environment }
  return new Promise(resolve => {
    execFile(process.execPath, [PROGRAM, ...args], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

/** The same with the store given; requires exit code 0 and gives stdout. */
async function inStore(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await ringback([...args, '--store', path])
  assert.equal(code, 0, stderr)
  return stdout
}

const json = async (...args: readonly string[]) => JSON.parse(await inStore(...args, '--json'))

function createEngine() {
  return createDelivery({
    store: sqliteStore({ path }),
    signing: { masterSecret: MASTER_SECRET },
    destinations: { allow: ['127.0.0.1'] },
    retryDelaysSeconds: [0],
  })
}

const request = (urlPath: string): DeliveryRequest => ({
  operation: 'createInvoice',
  callback: 'invoiceNotification',
  method: 'POST',
  url: `${receiver.url}${urlPath}`,
  destination: receiver.url,
  headers: { 'x-tenant': 'acme', authorization: 'Bearer hidden' },
  body: Buffer.from('{"paid":true}\n\u001b[31m'),
})

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-cli-'))
  path = join(folder, 'deliveries.sqlite')
  await receiver.start()
  const engine = createEngine()
  // A separate destination, since a 503 makes the other deliveries of its destination wait.
  ids.failed = (await engine.send({ ...request('/broken'), destination: `${receiver.url}/broken` })).id
  ids.delivered = (await engine.send(request('/events/1?token=hidden'))).id
  await engine.deliverDue()
  const later = { at: Date.now() + DAY_MS, url: 'https://www.external.org/\u009b31m' }
  ids.waiting = (await engine.send({ ...request(''), ...later })).id
  await engine.close()
})

after(async () => {
  await receiver.stop()
  await rm(folder, { recursive: true })
})

describe('ringback deliveries list', () => {
  it('prints aligned lines in a pipe, the newest first, without tabs, colours, queries or control characters', async () => {
    const [title, ...rows] = (await inStore('deliveries', 'list')).trimEnd().split('\n')
    assert.match(title ?? '', /^ID +STATE +TRIES +CREATED +NEXT +SETTLED +CALLBACK +URL$/)
    assert.deepEqual(
      rows.map(row => row.split(/ +/).slice(0, 3)),
      [
        [ids.waiting, 'scheduled', '0'],
        [ids.delivered, 'delivered', '1'],
        [ids.failed, 'failed', '1'],
      ],
    )
    const urlAt = title?.indexOf('URL')
    assert.deepEqual(
      rows.map(row => row.slice(urlAt)),
      ['https://www.external.org/\\x9b31m', `${receiver.url}/events/1?***`, `${receiver.url}/broken`],
    )
    assert.match(rows[1] ?? '', / \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +- +\d{4}-/)
  })

  it('prints one JSON document for programs, with times in UTC', async () => {
    const { items, nextCursor } = await json('deliveries', 'list', '--state', 'delivered')
    assert.equal(nextCursor, null)
    assert.equal(items.length, 1)
    const { createdAt, settledAt, ...rest } = items[0]
    assert.equal(new Date(createdAt).toISOString(), createdAt)
    assert.ok(settledAt >= createdAt)
    assert.deepEqual(rest, {
      id: ids.delivered,
      state: 'delivered',
      operation: 'createInvoice',
      callback: 'invoiceNotification',
      method: 'POST',
      url: `${receiver.url}/events/1?***`,
      recipient: null,
      attemptCount: 1,
      responseValid: true,
      nextAttemptAt: null,
      reason: null,
    })
    assert.doesNotMatch(await inStore('deliveries', 'list', '--json'), /\u009b/)
  })

  it('filters, and pages with a cursor', async () => {
    const first = await json('deliveries', 'list', '--limit', '2')
    const second = await json('deliveries', 'list', '--limit', '2', '--cursor', first.nextCursor)
    const listed = [...first.items, ...second.items].map(({ id }) => id)
    assert.deepEqual(listed, [ids.waiting, ids.delivered, ids.failed])
    const matching = async (...filter: string[]) => (await json('deliveries', 'list', ...filter)).items.length
    assert.equal(await matching('--url', receiver.url, '--since', '1h'), 2)
    assert.equal(await matching('--until', '1h'), 0)
    assert.equal(await matching('--state', 'failed,delivered'), 2)
    assert.equal(await matching('--state', 'failed', '--state', 'scheduled'), 2)
    assert.equal(await matching('--attempted'), 2)
    assert.equal(await matching('--no-attempted'), 1)
    assert.equal(await matching('--id', ids.failed.slice(0, 20), '--state', 'failed'), 1)
    assert.equal(await matching('--id', ids.failed.slice(1)), 0)
    assert.equal(await matching('--idempotency-key', 'order-'), 0)
    assert.equal(await matching('--destination', `${receiver.url}/broken`), 1)
    assert.equal(await matching('--destination', `${receiver.url}`.replace('http:', 'HTTP:')), 2)
    assert.equal(await matching('--recipient', 'nobody'), 0)
    const wrong = await ringback(['deliveries', 'list', '--state', 'failed,lost', '--store', path])
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /Allowed choices are scheduled, attempting, delivered, failed, blocked, cancelled\./)
    assert.equal(await matching('--operation', 'createInvoice', '--callback', 'another'), 0)
  })

  it('lists deliveries while a server uses the same store', async () => {
    const engine = createEngine()
    await engine.start()
    const { id } = await engine.send(request('/events/2'))
    const [newest] = (await json('deliveries', 'list')).items
    assert.equal(newest.id, id)
    await engine.deliveries.erase({ url: `${receiver.url}/events/2` })
    await engine.close()
  })
})

describe('ringback deliveries show', () => {
  it('shows what was sent and each attempt, with credentials masked and control characters made visible', async () => {
    const shown = await inStore('deliveries', 'show', ids.delivered)
    for (const line of [
      'State     delivered, the response is as declared',
      'Callback  createInvoice.invoiceNotification',
      `Request   POST ${receiver.url}/events/1?***`,
      '  x-tenant: acme',
      '  authorization: ***',
      '  {"paid":true}',
      '  \\x1b[31m',
      '  set-cookie: ***',
      '  {"ok":\\x1b]0;owned\\x07true}',
    ])
      assert.ok(shown.split('\n').includes(line), `${line}\nis not in\n${shown}`)
    assert.match(shown, /^Attempt 1 accepted 200, \S+Z, \d+ ms, 127\.0\.0\.1$/m)
    assert.ok(!shown.includes('hidden') && !shown.includes('\u001b'), shown)
  })

  it('prints one JSON document for programs', async () => {
    const shown = await json('deliveries', 'show', ids.failed)
    assert.equal(shown.body, '{"paid":true}\n\u001b[31m')
    assert.deepEqual(shown.headers, { 'x-tenant': 'acme', authorization: '***' })
    const [attempt] = shown.attempts
    assert.deepEqual([attempt.outcome, attempt.status, attempt.responseBody], ['rejected', 503, 'no'])
  })

  it('finds a delivery by the webhook-id that its receiver got, and shows that id', async () => {
    for (const { headers } of receiver.received.slice(0, 2)) {
      const webhookId = String(headers['webhook-id'])
      const shown = await json('deliveries', 'show', webhookId)
      assert.equal(shown.webhookId, webhookId)
      assert.ok([ids.delivered, ids.failed].includes(shown.id))
      assert.match(await inStore('deliveries', 'show', shown.id), new RegExp(`^  webhook-id: ${webhookId}$`, 'm'))
    }
    const { webhookId } = await json('deliveries', 'show', ids.waiting)
    assert.equal((await json('deliveries', 'show', webhookId)).id, ids.waiting)
  })

  it('says, as the list does, why a delivery settled where its attempts do not say it', async () => {
    const setReason = (reason: string | null) => {
      using database = new DatabaseSync(path)
      database
        .prepare(
          'update ringback_settled set reason = ? where delivery = (select number from ringback_delivery where id = ?)',
        )
        .run(reason, ids.failed)
    }
    setReason('worker-died')
    assert.match(await inStore('deliveries', 'show', ids.failed), /^Reason +worker-died: ten workers in a row died/m)
    assert.match(await inStore('deliveries', 'list', '--state', 'failed'), /failed \(worker-died\)/)
    assert.equal((await json('deliveries', 'show', ids.failed)).reason, 'worker-died')
    setReason(null)
  })

  it('says that an id is unknown, and ends with 1', async () => {
    const ran = await ringback(['deliveries', 'show', 'msg_unknown', '--store', path])
    assert.deepEqual(ran, { code: 1, stdout: '', stderr: 'There is no delivery "msg_unknown"\n' })
  })

  it('says how to fix it where the master secret is not that of the server', async () => {
    const another = { RINGBACK_MASTER_SECRET: generateSecret() }
    const { code, stderr } = await ringback(['deliveries', 'show', ids.delivered, '--store', path], another)
    assert.equal(code, 1)
    assert.match(stderr, /^This delivery is sealed .* set RINGBACK_MASTER_SECRET to the server's\n$/)
  })

  it('takes the master secret beside the store where the environment has none', async () => {
    await writeFile(join(folder, 'master-secret'), `${MASTER_SECRET}\n`)
    const { stdout } = await ringback(['deliveries', 'show', ids.failed, '--store', path], {
      RINGBACK_MASTER_SECRET: '',
    })
    await rm(join(folder, 'master-secret'))
    assert.match(stdout, /x-tenant: acme/)
  })
})

describe('ringback deliveries replay', () => {
  it('sends a settled delivery again, under its own id or as a new message', async () => {
    const { webhookId } = await json('deliveries', 'show', ids.delivered)
    assert.deepEqual(await json('deliveries', 'replay', webhookId), { id: ids.delivered })
    const { id } = await json('deliveries', 'replay', ids.failed, '--new-id')
    assert.notEqual(id, ids.failed)
    const count = receiver.received.length
    const engine = createEngine()
    await engine.deliverDue()
    await engine.close()
    const arrived = receiver.received
      .slice(count)
      .map(({ headers }) => String(headers['webhook-id']).slice(0, id.length))
    assert.deepEqual(arrived.toSorted(), [id, ids.delivered].toSorted())
  })

  it('sends all matching deliveries again, by default the failed ones', async () => {
    const { items } = await json('deliveries', 'list', '--state', 'failed')
    const none = await json('deliveries', 'replay', '--all', '--url', 'https://nowhere.example/')
    assert.deepEqual([none.replayed, none.withoutBytes], [0, 0])
    assert.equal(await inStore('deliveries', 'replay', '--all'), `Will send ${items.length} deliveries again\n`)
    assert.equal((await json('deliveries', 'list', '--state', 'scheduled')).items.length, items.length + 1)
  })

  it('refuses a delivery that is not settled', async () => {
    const { code, stderr } = await ringback(['deliveries', 'replay', ids.waiting, '--store', path])
    assert.equal(code, 1)
    assert.equal(stderr, `Cannot replay delivery "${ids.waiting}": it is not settled yet\n`)
  })

  it('takes either an id or --all, and filters only with --all', async () => {
    for (const args of [
      [],
      ['msg_1', '--all'],
      ['msg_1', '--no-attempted'],
      ['msg_1', '--state', 'failed'],
      ['--new-id'],
    ])
      assert.equal((await ringback(['deliveries', 'replay', ...args, '--store', path])).code, 2, args.join(' '))
  })
})

describe('ringback deliveries send-now', () => {
  it('makes a scheduled delivery due, and says why another cannot be', async () => {
    assert.equal(await inStore('deliveries', 'send-now', ids.waiting), `Will send ${ids.waiting} now\n`)
    const { nextAttemptAt } = await json('deliveries', 'show', ids.waiting)
    assert.ok(Date.parse(nextAttemptAt) <= Date.now())
    const settled = await ringback(['deliveries', 'send-now', ids.delivered, '--store', path])
    assert.equal(settled.code, 1)
    assert.match(settled.stderr, /^Cannot send delivery "msg_\w+" now: it is \w+$/m)
    const unknown = await ringback(['deliveries', 'send-now', 'msg_unknown', '--store', path])
    assert.deepEqual([unknown.code, unknown.stderr], [1, 'There is no delivery "msg_unknown"\n'])
  })
})

describe('ringback deliveries cancel', () => {
  it('cancels a delivery once, and says why it cannot do so again', async () => {
    assert.equal(await inStore('deliveries', 'cancel', ids.waiting), `Cancelled ${ids.waiting}\n`)
    assert.equal((await json('deliveries', 'show', ids.waiting)).state, 'cancelled')
    const { webhookId } = await json('deliveries', 'show', ids.waiting)
    const again = await ringback(['deliveries', 'cancel', webhookId, '--store', path])
    assert.equal(again.code, 1)
    assert.equal(again.stderr, `Cannot cancel delivery "${ids.waiting}": it is already cancelled\n`)
    assert.equal((await ringback(['deliveries', 'cancel', 'msg_unknown', '--store', path])).code, 1)
  })
})

describe('ringback deliveries', () => {
  it('finds the store by RINGBACK_STORE and beside the package.json of the working directory', async () => {
    const fromEnvironment = await ringback(['deliveries', 'show', ids.failed], { RINGBACK_STORE: path })
    assert.equal(fromEnvironment.code, 0, fromEnvironment.stderr)
    await writeFile(join(folder, 'package.json'), '{}')
    const { code, stderr } = await ringback(['deliveries', 'list'])
    assert.equal(code, 1)
    assert.ok(stderr.includes(`no delivery store at "${join(folder, '.ringback', 'deliveries.sqlite')}"`), stderr)
  })

  it('never makes a store, neither where there is none nor in a foreign database', async () => {
    const missing = await ringback(['deliveries', 'list', '--store', join(folder, 'a', 'none.sqlite')])
    assert.equal(missing.code, 1)
    assert.ok(!existsSync(join(folder, 'a')))
    const other = join(folder, 'other.sqlite')
    using database = new DatabaseSync(other)
    database.exec('create table customer (name text)')
    const refused = await ringback(['deliveries', 'list', '--store', other])
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /is not a delivery store/)
    assert.deepEqual(
      database
        .prepare('select name from sqlite_master')
        .all()
        .map(({ name }) => name),
      ['customer'],
    )
    await writeFile(join(folder, 'text.sqlite'), 'some text that is longer than a header of SQLite would be'.repeat(20))
    const text = await ringback(['deliveries', 'list', '--store', join(folder, 'text.sqlite')])
    assert.match(text.stderr, /^Cannot open the delivery store .*: the file is not a database\n$/)
    assert.ok(!(await readdir(folder)).includes('master-secret'))
  })

  it('ends with 2 for a wrong command line, and with 0 for a request for help', async () => {
    for (const args of [
      ['deliveries'],
      ['deliveries', 'lst'],
      ['deliveries', 'list', '--state', 'lost'],
      ['nothing'],
      [],
    ])
      assert.equal((await ringback(args)).code, 2, args.join(' '))
    for (const args of [
      ['deliveries', 'list', '--since', 'yesterday'],
      ['deliveries', 'list', '--limit', '0'],
    ]) {
      const { code, stderr } = await ringback(args)
      assert.equal(code, 2)
      assert.match(stderr, /^error: option/)
    }
    for (const command of ['list', 'show', 'replay', 'cancel']) {
      const { code, stdout } = await ringback(['deliveries', command, '--help'])
      assert.equal(code, 0)
      assert.match(stdout, /Example:\n {2}ringback deliveries /)
    }
  })
})

describe('ringback destinations', () => {
  const destination = () => `${receiver.url}/broken`
  const find = async (url: string) => {
    const { items } = await json('destinations', 'list', '--text', url)
    return items.find((item: { url: string }) => item.url === url)
  }

  it('pauses and resumes a destination, with reason and name, and lists it', async () => {
    assert.match(
      await inStore('destinations', 'list'),
      /^STATE +WAITING +OLDEST +LAST 2XX +RATE +RECIPIENT +REASON +URL$/m,
    )
    const who = ['--reason', 'Their deployment', '--by', 'ada']
    assert.equal(await inStore('destinations', 'pause', destination(), ...who), `Paused ${destination()}\n`)
    const { state, reason, pausedBy, pausedAt } = await find(destination())
    assert.deepEqual({ state, reason, pausedBy }, { state: 'paused', reason: 'Their deployment', pausedBy: 'ada' })
    assert.equal(new Date(pausedAt).toISOString(), pausedAt)
    assert.match(await inStore('destinations', 'list', '--state', 'paused'), /^paused .*Their deployment \(ada\)/m)
    assert.deepEqual(await json('destinations', 'resume', destination()), { changed: 1 })
    assert.equal((await find(destination())).state, 'healthy')
  })

  it('limits how many attempts may start in a second, and takes that back', async () => {
    await inStore('destinations', 'update', destination(), '--rate', '2.5')
    assert.equal((await find(destination())).ratePerSecond, 2.5)
    await inStore('destinations', 'update', destination(), '--no-rate')
    assert.equal((await find(destination())).ratePerSecond, null)
  })

  it('refuses what is not there, and what cannot be', async () => {
    const run = (...args: string[]) => ringback(['destinations', ...args, '--store', path])
    const unknown = await run('resume', 'https://nobody.example/x')
    assert.deepEqual([unknown.code, unknown.stderr], [1, 'There is no destination "https://nobody.example/x"\n'])
    const relative = await run('pause', '/hooks', '--reason', 'x')
    assert.deepEqual([relative.code, /give an absolute one/.test(relative.stderr)], [1, true])
    for (const wrong of [
      ['pause', destination()],
      ['update', destination()],
      ['update', destination(), '--rate', '0'],
    ])
      assert.equal((await run(...wrong)).code, 2, wrong.join(' '))
  })

  it('pauses and resumes all sending, and says so where deliveries are listed', async () => {
    await inStore('deliveries', 'pause', '--reason', 'Restored', '--by', 'ada')
    const paused = await ringback(['deliveries', 'list', '--store', path])
    assert.match(paused.stderr, /^Sending is paused by ada: Restored$/m)
    assert.deepEqual(await json('deliveries', 'resume'), { paused: false })
    assert.equal((await ringback(['deliveries', 'list', '--store', path])).stderr, '')
  })
})

describe('ringback keys new', () => {
  it('prints a new master secret and nothing else', async () => {
    const first = await ringback(['keys', 'new'])
    const second = await ringback(['keys', 'new'])
    assert.match(first.stdout, /^whsec_\S+\n$/)
    assert.notEqual(first.stdout, second.stdout)
    assert.ok(signingKeyPair(first.stdout.trim()).publicKey)
    assert.ok(recipientSecret(first.stdout.trim(), 'customer-17'))
  })

  it('prints a pair of Ed25519 keys that belong together', async () => {
    const { privateKey, publicKey } = JSON.parse((await ringback(['keys', 'new', '--ed25519', '--json'])).stdout)
    const timestamp = Math.floor(Date.now() / 1000)
    const signature = sign({ id: 'msg_1', timestamp, body: '{}', privateKeys: [privateKey] })
    const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
    assert.equal(verify({ headers, body: '{}' }, { publicKeys: [publicKey] }).id, 'msg_1')
    assert.match(
      (await ringback(['keys', 'new', '--ed25519'])).stdout,
      /^privateKey {2}whsk_\S+\npublicKey {3}whpk_\S+\n$/,
    )
  })
})

describe('ringback keys secret and rotate', () => {
  const secret = async (...args: string[]) => (await inStore('keys', ...args)).trim()

  it('give the secrets that follow from the store and the master secret', async () => {
    const first = await secret('secret', 'customer-17')
    assert.equal(first, recipientSecret(MASTER_SECRET, 'customer-17'))
    const second = await secret('rotate', 'customer-17')
    assert.equal(second, recipientSecret(MASTER_SECRET, 'customer-17', 2))
    assert.equal(await secret('secret', 'customer-17'), second)
    const third = JSON.parse(await secret('rotate', 'customer-17', '--overlap', '0', '--json'))
    assert.deepEqual(third, { secret: recipientSecret(MASTER_SECRET, 'customer-17', 3) })
    assert.equal(await secret('secret', 'customer-18'), recipientSecret(MASTER_SECRET, 'customer-18'))
  })

  it('refuse what they cannot do', async () => {
    const none = await ringback(['keys', 'secret', 'a', '--store', path], { RINGBACK_MASTER_SECRET: '' })
    assert.deepEqual([none.code, none.stdout], [1, ''])
    assert.match(none.stderr, /no master secret/)
    for (const overlap of ['-1', 'soon', '1.5'])
      assert.equal((await ringback(['keys', 'rotate', 'a', '--overlap', overlap, '--store', path])).code, 2)
    const long = await ringback(['keys', 'rotate', 'a', '--overlap', '40000000', '--store', path])
    assert.deepEqual([long.code, long.stdout], [1, ''])
    assert.match(long.stderr, /"overlapSeconds" is 40000000/)
  })
})

describe('ringback keys adopt', () => {
  const refused = /ERR_MASTER_SECRET_UNKNOWN/
  const start = async (file: string, masterSecret: string) => {
    const engine = createDelivery({ store: sqliteStore({ path: file }), signing: { masterSecret }, worker: false })
    try {
      await engine.start()
    } catch (error) {
      return String((error as { code?: string }).code)
    } finally {
      await engine.close({ graceMs: 0 })
    }
    return 'started'
  }

  it('makes a store accept the secret of the environment, which it refused before', async () => {
    const file = join(folder, 'adopting', 'deliveries.sqlite')
    const [old, other] = [generateSecret(), generateSecret()]
    assert.equal(await start(file, old), 'started')
    assert.match(await start(file, other), refused)
    const ran = await ringback(['keys', 'adopt', '--store', file], { RINGBACK_MASTER_SECRET: other })
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal(ran.stdout, `Adopted the master secret for ${file}\n`)
    assert.equal(await start(file, other), 'started')
    assert.equal(await start(file, old), 'started')
    assert.match(await start(file, generateSecret()), refused)
  })

  it('takes the secret beside the store, and makes a new one where that is lost', async () => {
    const file = join(folder, 'losing', 'deliveries.sqlite')
    const secret = join(folder, 'losing', 'master-secret')
    assert.equal(await start(file, generateSecret()), 'started')
    const made = await ringback(['keys', 'adopt', '--json'], { RINGBACK_STORE: file, RINGBACK_MASTER_SECRET: '' })
    assert.deepEqual(JSON.parse(made.stdout), { adopted: 1, store: file, made: secret })
    assert.equal(await start(file, (await readFile(secret, 'utf8')).trim()), 'started')
    await writeFile(secret, generateSecret())
    assert.match(await start(file, (await readFile(secret, 'utf8')).trim()), refused)
    const taken = await ringback(['keys', 'adopt', '--json', '--store', file], { RINGBACK_MASTER_SECRET: '' })
    assert.deepEqual(JSON.parse(taken.stdout), { adopted: 1, store: file, made: null })
    assert.equal(await start(file, (await readFile(secret, 'utf8')).trim()), 'started')
  })

  it('adopts a list, and says how many', async () => {
    const file = join(folder, 'listing', 'deliveries.sqlite')
    assert.equal(await start(file, generateSecret()), 'started')
    const secrets = [generateSecret(), generateSecret()]
    const ran = await ringback(['keys', 'adopt', '--store', file], { RINGBACK_MASTER_SECRET: secrets.join(', ') })
    assert.equal(ran.stdout, `Adopted 2 master secrets for ${file}\n`)
    for (const secret of secrets) assert.equal(await start(file, secret), 'started')
  })

  it('makes neither store nor secret where there is nothing to adopt', async () => {
    const ran = await ringback(['keys', 'adopt', '--store', join(folder, 'nowhere', 'd.sqlite')])
    assert.equal(ran.code, 1)
    assert.ok(!existsSync(join(folder, 'nowhere')))
  })
})

describe('ringback deliveries, where a file is not what it should be', () => {
  const list = (file: string) => ringback(['deliveries', 'list', '--store', file], { RINGBACK_MASTER_SECRET: '' })

  it('refuses a truncated database, and leaves its log alone', async () => {
    const file = join(folder, 'cut.sqlite')
    await writeFile(file, '')
    await writeFile(`${file}-wal`, 'a log')
    const { code, stderr } = await list(file)
    assert.equal(code, 1)
    assert.match(stderr, /is empty, although ".*cut\.sqlite-wal" shows that it was in use/)
    assert.equal(await readFile(`${file}-wal`, 'utf8'), 'a log')
  })

  for (const [what, make] of [
    ['a directory', (file: string) => mkdir(file)],
    ['a FIFO', async (file: string) => execFileSync('mkfifo', [file])],
    ['a device', (file: string) => symlink('/dev/zero', file)],
  ] as const)
    it(`refuses a master secret that is ${what}, without waiting for it`, async () => {
      const place = await mkdtemp(join(folder, 'secret-'))
      await make(join(place, 'master-secret'))
      const file = join(place, 'd.sqlite')
      const store = sqliteStore({ path: file })
      await store.counts()
      await store.close()
      const { code, stderr } = await list(file)
      assert.equal(code, 1)
      assert.match(stderr, new RegExp(`master-secret" is ${what}; give the path of a regular file\\n$`))
    })

  it('refuses an invented cursor, and an age before all time', async () => {
    for (const args of [
      ['--cursor', "'; drop"],
      ['--cursor', '-1'],
      ['--cursor', '0'],
      ['--cursor', '1e3'],
      ['--cursor', '99999999999999999999'],
      ['--since', '99999999999999d'],
      ['--until', '9999999d'],
      ['--since', `${'9'.repeat(400)}s`],
    ])
      assert.equal((await ringback(['deliveries', 'list', ...args, '--store', path])).code, 2, args.join(' '))
  })
})
