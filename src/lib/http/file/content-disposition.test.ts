import assert from 'node:assert/strict'
import { validateHeaderValue } from 'node:http'
import test from 'node:test'
import { contentDisposition } from './content-disposition.ts'

test('a name in ASCII is a quoted string, and its quotes and backslashes are escaped', () => {
  assert.equal(contentDisposition('attachment', 'report 7.pdf'), 'attachment; filename="report 7.pdf"')
  assert.equal(contentDisposition('inline', 'a"b.txt'), String.raw`inline; filename="a\"b.txt"`)
  assert.equal(contentDisposition('inline', undefined), 'inline')
})

test('any other name is there in UTF-8 too (RFC 6266, appendix D)', () => {
  assert.equal(
    contentDisposition('attachment', '€ rates.txt'),
    `attachment; filename="? rates.txt"; filename*=UTF-8''%E2%82%AC%20rates.txt`,
  )
  assert.equal(
    contentDisposition('attachment', '50%.txt'),
    `attachment; filename="50%.txt"; filename*=UTF-8''50%25.txt`,
  )
  assert.match(contentDisposition('attachment', "ü'(*).txt"), /UTF-8''%C3%BC%27%28%2A%29\.txt$/)
  assert.match(contentDisposition('attachment', '🦊.png'), /filename="\?\.png"; filename\*=UTF-8''%F0%9F%A6%8A\.png$/)
})

test('no name leads out of its folder, begins another header, or fails', () => {
  assert.equal(contentDisposition('attachment', '../../etc/passwd'), 'attachment; filename="passwd"')
  assert.equal(contentDisposition('attachment', String.raw`C:\temp\a.txt`), 'attachment; filename="a.txt"')
  for (const name of ['a\r\nset-cookie: b=1', 'a\0b', '\uD800.txt', '\u007F', 'ÿ\n']) {
    const header = contentDisposition('attachment', name)
    validateHeaderValue('content-disposition', header)
    assert.match(header, /^[ -~]+$/)
  }
})
