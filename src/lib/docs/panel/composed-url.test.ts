import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseUrlTemplate } from '../../expression/parse.ts'
import { composedUrl, urlFields } from './composed-url.ts'

const template = parseUrlTemplate('{$request.query.callback_url}/invoices/{$request.body#/id}')
const values = (base: string, id: string) => ({ '$request.query.callback_url': base, '$request.body#/id': id })

describe('urlFields', () => {
  it('names each value once, and by its whole expression where two have one name', () => {
    assert.deepEqual(urlFields(template), [
      { name: '$request.query.callback_url', label: 'callback_url' },
      { name: '$request.body#/id', label: 'id' },
    ])
    const twins = parseUrlTemplate(
      '{$request.query.url}/{$request.path.id}/{$request.body#/id}/{$request.path.id}/{$method}',
    )
    assert.deepEqual(
      urlFields(twins).map(({ label }) => label),
      ['url', '$request.path.id', '$request.body#/id', '$method'],
    )
    assert.deepEqual(urlFields(undefined), [{ name: 'URL', label: 'URL' }])
    assert.deepEqual(urlFields(parseUrlTemplate('https://a.example/in')), [])
  })
})

describe('composedUrl', () => {
  it('composes as any other delivery does', () => {
    assert.deepEqual(composedUrl(template, values('https://a.example/in?k=1', '7/8')), {
      url: 'https://a.example/in/invoices/7%2F8?k=1',
      base: 'https://a.example/in?k=1',
    })
    const at = 'https://a.example/in'
    assert.deepEqual(composedUrl(undefined, { URL: at }), { url: at, base: at })
    assert.deepEqual(composedUrl(parseUrlTemplate(at), {}), { url: at, base: at })
  })

  it('says which value is at fault', () => {
    assert.deepEqual(composedUrl(template, values('a.example', '7')), {
      fault: 'Must be an absolute http or https URL',
      field: '$request.query.callback_url',
    })
    assert.deepEqual(composedUrl(template, values('https://a.example', '..')), {
      fault: 'Must not be "." or ".."',
      field: '$request.body#/id',
    })
    assert.deepEqual(composedUrl(template, {}), { fault: 'A value is required', field: '$request.query.callback_url' })
    assert.equal('fault' in composedUrl(template, { __proto__: values('https://a.example', '7') } as never), true)
  })
})
