import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenApiDocument } from './create-document.ts'
import { serverOrigins } from './server-origins.ts'

const documentWith = (...urls: string[]): OpenApiDocument => ({
  openapi: '3.1.1',
  info: { title: 'Invoices', version: '1.0.0' },
  servers: urls.map(url => ({ url })),
})

test('serverOrigins are those of absolute http addresses, each once', () => {
  const document = documentWith(
    'https://api.example.com/v1',
    'https://API.example.com:443/v2',
    'http://127.0.0.1:8123',
    'http://localhost:3000/',
    'https://bücher.example/',
  )
  assert.deepEqual(serverOrigins(document), [
    'http://127.0.0.1:8123',
    'http://localhost:3000',
    'https://api.example.com',
    'https://xn--bcher-kva.example',
  ])
})

test('serverOrigins are none of relative addresses, of other schemes, and of what is no address', () => {
  const urls = [
    '/',
    '/v1',
    '//other.example',
    '.',
    '',
    'ftp://a.example',
    'ws://a.example',
    'data:text/html,x',
    'javascript:1',
  ]
  assert.deepEqual(serverOrigins(documentWith(...urls, 'https://', 'nonsense', '{scheme}://a.example')), [])
})

test('serverOrigins hold nothing that would mean more in a policy', () => {
  for (const url of [
    "https://a.example;script-src 'unsafe-inline'",
    'https://a;script-src',
    'https://a,b',
    'https://*.example.com',
    'https://*',
    "https://'self'",
    'https://a.example\r\nset-cookie: x=1',
    'https://[::1]:8080',
    'https://a b.example',
  ])
    for (const origin of serverOrigins(documentWith(url)))
      assert.match(origin, /^https:\/\/a\.exampleset-cookie$|^https:\/\/[a-z.]+$/)
  assert.deepEqual(serverOrigins(documentWith('https://a;script-src', 'https://a,b', 'https://*.example.com')), [])
})

test('serverOrigins are those of variables, and of paths and operations with servers of their own', () => {
  const document = documentWith()
  document.servers = [
    {
      url: 'https://{region}.example.com:{port}/{version}',
      variables: {
        region: { default: 'eu', enum: ['eu', 'us'] },
        port: { default: '8443' },
        version: { default: 'v1' },
      },
    },
  ]
  const servers = [{ url: 'https://uploads.example.com' }]
  document.paths = { '/a': { post: { servers } }, '/b': { servers: [{ url: 'http://b.example' }] } as object }
  assert.deepEqual(serverOrigins(document), [
    'http://b.example',
    'https://eu.example.com:8443',
    'https://uploads.example.com',
    'https://us.example.com:8443',
  ])
})
