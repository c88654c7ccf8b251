import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenApiDocument } from './create-document.ts'
import { reachableOrigins } from './reachable-origins.ts'

const documentWith = (...urls: string[]): OpenApiDocument => ({
  openapi: '3.1.1',
  info: { title: 'Invoices', version: '1.0.0' },
  servers: urls.map(url => ({ url })),
})

test('reachableOrigins are those of absolute http addresses, each once', () => {
  const document = documentWith(
    'https://api.example.com/v1',
    'https://API.example.com:443/v2',
    'http://127.0.0.1:8123',
    'http://localhost:3000/',
    'https://bücher.example/',
  )
  assert.deepEqual(reachableOrigins(document), [
    'http://127.0.0.1:8123',
    'http://localhost:3000',
    'https://api.example.com',
    'https://xn--bcher-kva.example',
  ])
})

test('reachableOrigins are none of relative addresses, of other schemes, and of what is no address', () => {
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
  assert.deepEqual(reachableOrigins(documentWith(...urls, 'https://', 'nonsense', '{scheme}://a.example')), [])
})

test('reachableOrigins hold nothing that would mean more in a policy', () => {
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
    for (const origin of reachableOrigins(documentWith(url)))
      assert.match(origin, /^https:\/\/a\.exampleset-cookie$|^https:\/\/[a-z.]+$/)
  assert.deepEqual(reachableOrigins(documentWith('https://a;script-src', 'https://a,b', 'https://*.example.com')), [])
})

test('reachableOrigins are those of variables, and of paths and operations with servers of their own', () => {
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
  assert.deepEqual(reachableOrigins(document), [
    'http://b.example',
    'https://eu.example.com:8443',
    'https://uploads.example.com',
    'https://us.example.com:8443',
  ])
})

test('reachableOrigins are those of all token URLs, and of no other URL of a flow', () => {
  const document = documentWith('https://api.example.com')
  const flow = { authorizationUrl: 'https://login.example', refreshUrl: 'https://refresh.example', scopes: {} }
  document.components = {
    securitySchemes: {
      code: {
        type: 'oauth2',
        flows: { authorizationCode: { ...flow, tokenUrl: 'https://id.example:8443/token?a=b' } },
      },
      others: {
        type: 'oauth2',
        flows: {
          password: { tokenUrl: 'token', scopes: {} },
          clientCredentials: { tokenUrl: '/token', scopes: {} },
          deviceAuthorization: { deviceAuthorizationUrl: 'https://device.example', tokenUrl: 'http://127.0.0.1:7/t' },
          implicit: flow,
        },
      },
      hostile: { type: 'oauth2', flows: { password: { tokenUrl: "https://a;script-src 'unsafe-inline'" } } },
      provider: { type: 'openIdConnect', openIdConnectUrl: 'https://accounts.example' },
      // Whoever extends a document may put anything there.
      nothing: null as never,
      odd: { type: 'oauth2', flows: { password: null, implicit: 'x' } },
    },
  }
  assert.deepEqual(reachableOrigins(document), [
    'http://127.0.0.1:7',
    'https://api.example.com',
    'https://id.example:8443',
  ])
})
