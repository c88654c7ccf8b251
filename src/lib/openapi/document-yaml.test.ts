import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'yaml'
import { createDocument } from './create-document.ts'
import { documentYaml } from './document-yaml.ts'

test('documentYaml writes the document without anchors, and old readers see the same', () => {
  const document = createDocument([], { title: 'no', version: '1.0', description: 'Two\nlines: a & b *c' })
  const shared = { type: 'string' }
  document.components = { schemas: { On: shared, Off: shared } }
  const yaml = documentYaml(document)
  assert.doesNotMatch(yaml, /(: |- )[&*]/)
  assert.deepEqual(parse(yaml), document)
  assert.deepEqual(parse(yaml, { version: '1.1' }), document)
})
