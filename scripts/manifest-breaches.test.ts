import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lockBreaches } from './lock-breaches.ts'
import { linkBreaches, manifestBreaches } from './manifest-breaches.ts'

test('lockBreaches names packages without integrity, and those that name a registry', () => {
  const integrity = 'sha512-abc'
  const packages = {
    '': {},
    'node_modules/right': { integrity },
    'node_modules/link': { link: true },
    'node_modules/none': {},
    'node_modules/old': { integrity: 'sha1-abc' },
    'node_modules/a/node_modules/b': { integrity, resolved: 'https://a.org/b.tgz' },
  }
  assert.deepEqual(
    lockBreaches({ packages }).map(({ text }) => text.split(':')[0]),
    [
      '"node_modules/none" has no integrity',
      '"node_modules/old" has no integrity',
      '"node_modules/a/node_modules/b" names a registry',
    ],
  )
})

test('manifestBreaches names scripts that run where the package is installed', () => {
  assert.deepEqual(manifestBreaches({ scripts: { build: 'a', prepack: 'b', test: 'c' } }), [])
  const found = manifestBreaches({ scripts: { prepare: 'a', postinstall: 'b' } })
  assert.deepEqual(
    found.map(({ text }) => text),
    ['the script "postinstall" is in the package', 'the script "prepare" is in the package'],
  )
})

test('linkBreaches names links to files that are not in the package', () => {
  const readme = '[a](docs/a.md#part) and [b](https://b.org/x)\n[c](c.md), [d](#d) and [e](decisions/)'
  assert.deepEqual(
    linkBreaches(readme, ['docs/a.md']).map(({ line, text }) => [line, text]),
    [
      [2, '"c.md" is not in the package'],
      [2, '"decisions/" is not in the package'],
    ],
  )
})
