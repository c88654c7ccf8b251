import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Receiver } from '../../../../test/support/receiver.ts'
import { readDocument } from '../../document/reading/read-document.ts'
import { chooseRoute } from '../trigger/choose-route.ts'
import { createRequest, type RequestChoices } from '../trigger/create-request.ts'
import { type SentResponse, sendRequest } from '../trigger/send-request.ts'
import { KnownMessages } from './known-messages.ts'
import { Listener, type ListenerOptions } from './listener.ts'
import { type MessageRoute, routesOf } from './message-route.ts'
import { MisbehaveScript, type StepVerdict } from './misbehaviour.ts'
import type { Handled } from './received.ts'
import { RecordFile, readRecords } from './record-file.ts'
import { createVerifier } from './verifier.ts'

const document = `openapi: 3.0.3
info: { title: Events, version: '1' }
paths:
  /subscriptions:
    post:
      requestBody:
        content: { application/json: { schema: { type: object, properties: { url: { type: string }, id: { type: string } } } } }
      responses: { '201': { description: Created } }
      callbacks:
        changed:
          '{request.body#/url}/things/{$request.body#/id}':
            post:
              requestBody:
                required: true
                content: { application/json: { schema: { $ref: '#/components/schemas/Event' } } }
              responses: { '200': { description: OK, content: { application/json: { schema: { $ref: '#/components/schemas/Taken' } } } } }
              callbacks:
                confirmed:
                  '{$request.body#/reply}':
                    put: { requestBody: { content: { application/json: {} } }, responses: { '204': { description: OK } } }
components:
  schemas:
    Event:
      type: object
      required: [kind]
      properties:
        kind: { type: string, enum: [made, gone] }
        note: { type: string, nullable: true }
        reply: { type: string, format: uri }
        parent: { $ref: '#/components/schemas/Event' }
    Taken: { type: object, required: [ok], properties: { ok: { type: boolean } } }
`

let folder: string
let routes: MessageRoute[]
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-listen-'))
  await writeFile(join(folder, 'events.yaml'), document)
  routes = routesOf(await readDocument(join(folder, 'events.yaml')))
})
after(() => rm(folder, { recursive: true }))

const webhooks = `openapi: 3.1.0
info: { title: Webhooks, version: '1' }
webhooks:
  a.made: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Made' } } } }, responses: { default: { description: OK } } } }
  a.gone: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Gone' } } } }, responses: { default: { description: OK } } } }
  whole: { post: { requestBody: { content: { application/json: { schema: { type: object, required: [heat] } } } }, responses: { default: { description: OK } } } }
components:
  schemas:
    Type: { type: string, enum: [a.made] }
    Made: { type: object, required: [type, data], properties: { type: { $ref: '#/components/schemas/Type' } } }
    Gone: { type: object, required: [type, data], properties: { type: { const: a.gone }, data: { type: integer } } }
`

/** A listener on a free port, what it told, and a way to send to it. */
async function start(options: Partial<ListenerOptions> = {}, now: () => number = Date.now) {
  const handled: Handled[] = []
  const verdicts: StepVerdict[] = []
  const listener = new Listener({
    judge: { routes, verifier: await createVerifier({}), known: new KnownMessages(), now },
    delayMs: 0,
    onHandled: one => handled.push(one),
    onVerdict: one => verdicts.push(one),
    onNote: () => {},
    ...options,
  })
  const url = await listener.listen(0, '127.0.0.1')
  const send = async (name: string, choices: Partial<RequestChoices> = {}): Promise<SentResponse> => {
    const created = await createRequest(chooseRoute(routes, name), { to: new URL(`${url}/hooks`), ...choices }, now())
    return sendRequest(created, 5_000)
  }
  return { url, handled, verdicts, send, [Symbol.asyncDispose]: () => listener.close() }
}

const json = ({ body }: SentResponse) => JSON.parse(Buffer.from(body).toString())

describe('Listener', () => {
  it('tells webhooks of one URL apart by their type, and says what is wrong with the one that is meant', async () => {
    await writeFile(join(folder, 'webhooks.yaml'), webhooks)
    const routes = routesOf(await readDocument(join(folder, 'webhooks.yaml')))
    const judge = { routes, verifier: () => undefined, known: new KnownMessages(), now: Date.now }
    await using listener = await start({ judge })
    const cases: readonly (readonly [body: string, status: number, name: string | undefined, words: RegExp])[] = [
      ['{"type":"a.gone","data":7}', 200, 'a.gone', /^valid$/],
      ['{"heat":1,"type":"other"}', 200, 'whole', /^valid$/],
      ['{"type":"a.gone","data":"x"}', 422, 'a.gone', /#\/data must be integer/],
      ['{"type":"a.made"}', 422, 'a.made', /must have required property 'data'/],
      ['{"type":"a.gone"}', 422, 'a.gone', /must have required property 'data'/],
      ['{"type":"a.else","data":7}', 422, undefined, /^The document has no webhook with the type "a.else"$/],
      ['{"data":7}', 422, 'a.made', /must have required property 'type'/],
      ['{', 400, 'a.made', /is not JSON/],
      ['', 200, 'a.made', /^valid$/],
    ]
    for (const [body, status] of cases) {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${listener.url}/hooks`, { method: 'POST', body, headers })
      assert.equal(response.status, status, body)
    }
    for (const [index, [body, , name, words]] of cases.entries()) {
      const { judged } = listener.handled[index]!
      assert.equal(judged.route?.outgoing.name, name, body)
      assert.match(judged.words, words, body)
    }
  })

  it('takes a signed example of a callback, nested ones too, and gives the response that is declared', async () => {
    await using listener = await start()
    const response = await listener.send('changed', { set: { id: '7/8' } })
    assert.equal(response.status, 200)
    assert.equal(typeof json(response).ok, 'boolean')
    assert.equal((await listener.send('changed.confirmed')).status, 204)
    assert.deepEqual(
      listener.handled.map(({ received, judged }) => [received.target, judged.route?.outgoing.name, judged.words]),
      [
        ['/hooks/things/7%2F8', 'changed', 'valid'],
        ['/hooks', 'changed.confirmed', 'valid'],
      ],
    )
  })

  it('refuses what is wrong, each with its status and in words', async () => {
    await using listener = await start()
    for (const [mistake, status, words] of [
      ['signature', 401, /No signature/],
      ['timestamp', 401, /older than the tolerance/],
      ['body', 422, /breaks its schema: #\/\w+ must be/],
    ] as const) {
      assert.equal((await listener.send('changed', { mistake })).status, status)
      assert.match(listener.handled.at(-1)?.judged.words ?? '', words)
    }
    const body = join(folder, 'body.txt')
    await writeFile(body, '{"kind":')
    assert.equal((await listener.send('changed', { body })).status, 400)
    assert.equal((await fetch(`${listener.url}/hooks/things/1`)).status, 405)
    assert.equal((await fetch(`${listener.url}/hooks/things/1`, { method: 'POST', body: '{}' })).status, 401)
  })

  it('responds to a message that comes again as the first time, and says so', async () => {
    await using listener = await start()
    const first = await listener.send('changed', { id: 'msg_1' })
    const second = await listener.send('changed', { id: 'msg_1' })
    assert.deepEqual([second.status, json(second)], [first.status, json(first)])
    assert.deepEqual([listener.handled[1]?.judged.repeats, listener.handled[0]?.judged.repeats], [1, undefined])
  })

  it('fails as often as it is asked to, and then takes the same message', async () => {
    await using listener = await start({ fail: { status: 503, times: 2 } })
    const statuses = []
    for (let count = 0; count < 4; count += 1) statuses.push((await listener.send('changed', { id: 'msg_1' })).status)
    assert.deepEqual(statuses, [503, 503, 200, 200])
    assert.equal(listener.handled[3]?.judged.repeats, 3)
  })

  it('forwards what is valid, and records what came', async () => {
    await using application = new Receiver(response => response.writeHead(201, { 'x-own': 'yes' }).end('made'))
    await application.start()
    const path = join(folder, 'requests.jsonl')
    {
      await using record = new RecordFile(path)
      await record.open()
      await using listener = await start({ record, forward: new URL(`${application.url}/base/`) })
      const response = await listener.send('changed')
      assert.deepEqual([response.status, response.headers['x-own']], [201, 'yes'])
      assert.equal((await listener.send('changed', { mistake: 'signature' })).status, 401)
    }
    assert.deepEqual(
      application.received.map(({ url }) => url),
      ['/base/hooks/things/id-1'],
    )
    const records = await readRecords(path)
    assert.deepEqual(
      records.map(({ method, target }) => [method, target]),
      [
        ['POST', '/hooks/things/id-1'],
        ['POST', '/hooks/things/id-1'],
      ],
    )
    assert.deepEqual(records[0]?.body, application.received[0]?.body)
  })

  it('does not keep more of a body than 1 MiB', async () => {
    await using listener = await start()
    const response = await new Promise<number | undefined>((resolve, reject) => {
      const sent = request(`${listener.url}/hooks/things/1`, { method: 'POST' }, one => resolve(one.statusCode))
      sent.on('error', reject)
      sent.write(Buffer.alloc(1024 * 1024 + 1))
    })
    assert.equal(response, 413)
    assert.equal(listener.handled[0]?.received.body.length, 0)
  })

  it('plays each misbehaviour once, and says what the sender did', async () => {
    let time = Date.now()
    const now = () => time
    const script = new MisbehaveScript(60_000, now)
    await using listener = await start({ script }, now)
    const to = new URL(`${listener.url}/hooks`)
    const slow = await createRequest(chooseRoute(routes, 'changed'), { to, id: 'msg_slow' }, now())
    await assert.rejects(sendRequest(slow, 50), /did not respond within/)
    assert.equal((await listener.send('changed', { id: 'msg_gone' })).status, 410)
    assert.equal((await listener.send('changed', { id: 'msg_limited' })).headers['retry-after'], '2')
    time += 1_000
    assert.equal((await listener.send('changed', { id: 'msg_limited' })).status, 200)
    const redirect = await listener.send('changed', { id: 'msg_redirect' })
    assert.equal(redirect.status, 307)
    await fetch(new URL(redirect.headers['location'] ?? '', listener.url))
    assert.equal((await listener.send('changed', { id: 'msg_cut' })).isCut, true)
    assert.equal((await listener.send('changed', { id: 'msg_cut' })).status, 200)
    const words = Object.fromEntries(script.summary().map(verdict => [verdict.step, verdict.words]))
    assert.match(words['slow'] ?? '', /^gave up after/)
    assert.match(words['gone'] ?? '', /^did not send it again in the 1 s since, as 410 asks$/)
    assert.match(words['limited'] ?? '', /^sent it again after 1\.0 s, earlier than "Retry-After: 2" asks$/)
    assert.match(words['redirect'] ?? '', /^followed it/)
    assert.match(words['cut'] ?? '', /^sent it again after/)
    assert.deepEqual(
      listener.verdicts.map(({ step }) => step),
      ['slow', 'limited', 'redirect', 'cut'],
    )
  })
})
