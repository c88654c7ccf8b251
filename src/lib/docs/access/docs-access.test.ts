import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { dependency } from '../../operation/dependency-definition.ts'
import { type Asked, DocsAccess, TOKEN_HEADER } from './docs-access.ts'

interface Sent {
  readonly url?: string
  readonly from?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** What is said of a request; undefined where it is let through. */
function refusal(access: DocsAccess, asked: Asked, { url = 'http://localhost:8000/docs', from, headers = {} }: Sent) {
  try {
    access.check({ url, clientAddress: from, header: name => headers[name] }, asked)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe('DocsAccess', () => {
  it('exists for nobody until somebody may use it', () => {
    const access = new DocsAccess(undefined, () => 'usual')
    assert.equal(access.exists, false)
    access.develop()
    assert.deepEqual([access.exists, access.isDevelopment], [true, true])
    const authorized = new DocsAccess(
      dependency({}, () => 'dana'),
      () => 'usual',
    )
    authorized.develop()
    assert.deepEqual([authorized.exists, authorized.isDevelopment, authorized.token], [true, false, 'usual'])
  })

  it('lets only the machine itself in under ringback dev, by a name that no other page can have', () => {
    const access = new DocsAccess(undefined, () => 'usual')
    access.develop()
    for (const from of ['127.0.0.1', '127.8.0.1', '::1'])
      assert.equal(refusal(access, 'show', { from }), undefined, from)
    for (const from of ['10.0.0.7', '::', '127.0.0.1.example', undefined])
      assert.match(refusal(access, 'show', { from }) ?? '', /only for the machine itself/, from)
    for (const host of ['localhost', 'app.localhost:8000', '127.0.0.1:8000', '[::1]:8000'])
      assert.equal(refusal(access, 'show', { from: '::1', url: `http://${host}/docs` }), undefined, host)
    for (const host of ['evil.example:8000', '127.0.0.1.nip.example', 'notlocalhost', '0.0.0.0:8000'])
      assert.match(refusal(access, 'show', { from: '::1', url: `http://${host}/docs` }) ?? '', /has the host/, host)
  })

  it('lets only the page itself act, with its token', () => {
    const access = new DocsAccess(undefined, () => 'usual')
    access.develop()
    const from = '127.0.0.1'
    const own = { origin: 'http://localhost:8000', [TOKEN_HEADER]: access.token }
    assert.equal(refusal(access, 'act', { from, headers: own }), undefined)
    for (const origin of ['http://localhost:9000', 'https://evil.example', 'null'])
      for (const asked of ['show', 'act'] as const)
        assert.match(refusal(access, asked, { from, headers: { ...own, origin } }) ?? '', /another origin/, origin)
    assert.match(refusal(access, 'act', { from, headers: { [TOKEN_HEADER]: access.token } }) ?? '', /another origin/)
    for (const token of ['', 'usual', `${access.token}x`])
      assert.match(refusal(access, 'act', { from, headers: { ...own, [TOKEN_HEADER]: token } }) ?? '', /token/, token)
  })

  it('has another token at each start under ringback dev', () => {
    const [one, other] = [new DocsAccess(undefined, () => 'usual'), new DocsAccess(undefined, () => 'usual')]
    for (const access of [one, other]) access.develop()
    assert.notEqual(one.token, other.token)
  })

  it('asks for origin and token behind TLS that a proxy ends, too, and for no address', () => {
    const access = new DocsAccess(
      dependency({}, () => 'dana'),
      () => 'usual',
    )
    const headers = { origin: 'https://api.example', [TOKEN_HEADER]: 'usual' }
    assert.equal(refusal(access, 'act', { url: 'http://api.example/docs', headers }), undefined)
    assert.match(refusal(access, 'act', { url: 'http://other.example/docs', headers }) ?? '', /another origin/)
  })
})
