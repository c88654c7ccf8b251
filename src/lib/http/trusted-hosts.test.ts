import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DefinitionError } from '../definition/definition-error.ts'
import { compileTrustedHosts, wideTrustedHosts } from './trusted-hosts.ts'

const trusted = (hosts: readonly string[], asked: readonly string[]) => {
  const trusts = compileTrustedHosts(hosts)
  return asked.filter(trusts)
}

describe('compileTrustedHosts', () => {
  test('takes a name at any port, however it is written', () => {
    const same = ['api.example.com', 'API.Example.COM', 'api.example.com.', 'api.example.com:8443', 'api.example.com:']
    assert.deepEqual(trusted(['api.example.com'], same), same)
    assert.deepEqual(trusted(['API.example.com.'], same), same)
    assert.deepEqual(trusted(['bücher.example'], ['xn--bcher-kva.example']), ['xn--bcher-kva.example'])
  })

  test('takes no other name', () => {
    const others = [
      'evil.example',
      'api.example.com.evil.example',
      'evilapi.example.com',
      'x.api.example.com',
      'example.com',
      'api.example.com..',
      'api.example.com@evil.example',
      'evil.example@api.example.com',
      'api.example.com/x',
      'evil.example/api.example.com',
      'evil.example?api.example.com',
      'evil.example#api.example.com',
      'evil.example\\api.example.com',
      'api.example.com, evil.example',
      'api.exam\tple.com',
      'http://api.example.com',
      '',
      '.',
    ]
    assert.deepEqual(trusted(['api.example.com'], others), [])
  })

  test('takes names below one with "*.", and not the name itself', () => {
    assert.deepEqual(
      trusted(
        ['*.example.com'],
        [
          'a.example.com',
          'a.b.example.com:81',
          'example.com',
          '.example.com',
          'aexample.com',
          'a.example.com.evil.test',
        ],
      ),
      ['a.example.com', 'a.b.example.com:81'],
    )
    assert.deepEqual(trusted(['*.localhost:8000'], ['a.localhost:8000', 'a.localhost', 'localhost:8000']), [
      'a.localhost:8000',
    ])
  })

  test('requires the port of an entry; those of http and https may be left out of a request', () => {
    assert.deepEqual(
      trusted(['a.example:8443'], ['a.example:8443', 'a.example:08443', 'a.example', 'a.example:8444']),
      ['a.example:8443', 'a.example:08443'],
    )
    const all = ['a.example', 'a.example:443', 'a.example:80']
    assert.deepEqual(trusted(['a.example:443'], all), all)
  })

  test('takes addresses in any spelling', () => {
    assert.deepEqual(trusted(['127.0.0.1', '[::1]:8000'], ['127.0.0.1:3000', '127.1', '[0:0::1]:8000', '[::1]']), [
      '127.0.0.1:3000',
      '127.1',
      '[0:0::1]:8000',
    ])
  })

  test('does not confuse hosts that it has trusted before with others', () => {
    const asked = ['a.example', 'b.example', 'a.example', '']
    assert.deepEqual(trusted(['a.example'], asked), ['a.example', 'a.example'])
  })

  for (const entry of [
    '*',
    '*:8000',
    '*.',
    '**',
    '*.*',
    '*example.com',
    'a.*.com',
    '*.*.example.com',
    '*.127.0.0.1',
    '*.[::1]',
    '',
    '.',
    'https://api.example.com',
    'api.example.com/v1',
    'me@api.example.com',
    'api example.com',
    'api.example.com:99999',
    '::1',
  ])
    test(`refuses "${entry}"`, () => {
      assert.throws(
        () => compileTrustedHosts(['api.example.com', entry]),
        (error: unknown) =>
          error instanceof DefinitionError && error.message.startsWith(`"trustedHosts" contains "${entry}"`),
      )
    })

  test('refuses anything but a list of hosts', () => {
    for (const hosts of [[], 'api.example.com', new Set(['a.example']), [7], [undefined]])
      assert.throws(() => compileTrustedHosts(hosts as never), DefinitionError)
  })
})

test('wideTrustedHosts finds entries that trust a whole top-level domain', () => {
  const wide = ['*.com', '*.dev.', '*.com:8443']
  assert.deepEqual(wideTrustedHosts([...wide, '*.example.com', 'com', '*.localhost', '*.localhost:8000']), wide)
})
