import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../diagnostic.ts'
import { type DiagnosticCode, levelOf } from '../diagnostic-codes.ts'
import { readDocument } from '../reading/read-document.ts'
import { applyEdits } from '../source/apply-edits.ts'
import { checkDocument } from './check-document.ts'

const documents = fileURLToPath(new URL('../../../../test/documents', import.meta.url))
const realDocuments = fileURLToPath(new URL('../../../../../shared/data/real-documents', import.meta.url))
const callbackKeys = fileURLToPath(new URL('../../../../../shared/data/callback-keys.json', import.meta.url))

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-check-'))
})
after(() => rm(folder, { recursive: true }))

async function check(name: string, text: string) {
  const path = join(folder, name)
  await writeFile(path, text)
  return checkDocument(await readDocument(path))
}

const place = ({ range }: Diagnostic) => range.file.placeAt(range.start)
const codesOf = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code)

/** What the comments of keys.yaml announce of the line below. */
function announced(text: string) {
  return text.split('\n').flatMap((line, index) => {
    const [, code, meant] = /^\s+# (none|[a-z]+(?:-[a-z]+)*)(?: => (.+))?$/.exec(line) ?? []
    return code === undefined ? [] : [{ line: index + 2, code: code as DiagnosticCode | 'none', meant }]
  })
}

describe('checkDocument', () => {
  const text = readFileSync(join(documents, 'keys.yaml'), 'utf8')

  it('gives each mistake of a key its place, class and corrected text', async () => {
    const { diagnostics } = await check('keys.yaml', text)
    for (const { line, code, meant } of announced(text)) {
      const here = diagnostics.filter(diagnostic => place(diagnostic).line === line)
      const found = here.find(diagnostic => diagnostic.code === code)
      const source = text.split('\n')[line - 1]?.trim()
      assert.deepEqual(codesOf(here).slice(0, 1), code === 'none' ? [] : [code], `line ${line}: ${source}`)
      assert.equal(found?.correction?.edit && found.correction.text, meant, `line ${line}: ${source}`)
      if (found !== undefined) assert.ok(found.message !== '' && found.remedy !== '', found.code)
    }
    const known = new Set(announced(text).map(({ line }) => line))
    assert.deepEqual(
      diagnostics.filter(diagnostic => !known.has(place(diagnostic).line)).map(({ code }) => code),
      [],
    )
  })

  it('leaves nothing wrong where every correction is written, and every other byte as it was', async () => {
    const { diagnostics } = await check('fixed.yaml', text)
    const edits = diagnostics.flatMap(({ correction }) => correction?.edit ?? [])
    const fixed = applyEdits(text, edits)
    const again = await check('fixed.yaml', fixed)
    for (const { line, code, meant } of announced(text)) {
      const rest = again.diagnostics.filter(diagnostic => place(diagnostic).line === line)
      assert.deepEqual(codesOf(rest), code === 'none' || meant !== undefined ? [] : [code], `line ${line}`)
      if (meant === undefined) assert.equal(fixed.split('\n')[line - 1], text.split('\n')[line - 1])
    }
    const withoutKeys = (one: string) =>
      one.split('\n').filter((_, index, lines) => !/^\s+# [a-z-]+ => /.test(lines[index - 1] ?? ''))
    assert.deepEqual(withoutKeys(fixed), withoutKeys(text))
  })

  it('names what is built wrong around keys, in JSON as in YAML', async () => {
    const { diagnostics, outgoing } = await check(
      'structure.json',
      readFileSync(join(documents, 'structure.json'), 'utf8'),
    )
    assert.deepEqual(
      diagnostics.map(one => [place(one).line, one.code]),
      [
        [4, 'webhooks-version'],
        [8, 'reference-not-found'],
        [11, 'missing-name'],
        [12, 'missing-expression'],
        [13, 'no-operation'],
        [14, 'missing-dollar'],
        [14, 'method-case'],
        [15, 'not-an-object'],
        [26, 'unknown-pointer'],
        [37, 'missing-dollar'],
        [40, 'reference-cycle'],
        [41, 'reference-cycle'],
        [42, 'duplicate-key'],
      ],
    )
    assert.deepEqual(
      outgoing.map(({ kind, name, operation, method }) => [kind, name, operation, method]),
      [
        ['callback', 'upper', 'POST /a', 'post'],
        ['callback', 'shared', 'POST /a', 'post'],
        ['callback', 'nested', 'POST /a', 'post'],
        ['callback', 'nested.reply', 'POST /a', 'post'],
        ['webhook', 'paid', '', 'post'],
        ['callback', 'Unused', '', 'post'],
      ],
    )
    assert.equal(
      diagnostics.find(({ code }) => code === 'unknown-pointer')?.correction?.text,
      '{$request.body#/reply_to}',
    )
  })

  it('does not make two keys of a callback the same', async () => {
    const callback = (key: string) => `          '${key}': { post: { responses: {} } }\n`
    const { diagnostics } = await check(
      'same.yaml',
      `openapi: 3.1.0\npaths:\n  /a:\n    post:\n      requestBody: { content: { application/json: {} } }\n      callbacks:\n        event:\n${callback('{request.body#/url}')}${callback('{$request.body#/url}')}`,
    )
    assert.deepEqual(codesOf(diagnostics), ['missing-dollar'])
    assert.equal(diagnostics[0]?.correction?.edit, undefined)
  })

  it('takes any document of callbacks that hold themselves, and of schemas that do', async () => {
    const { diagnostics, outgoing } = await check(
      'cycle.yaml',
      `openapi: 3.2.0
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Node' } } } }
      callbacks: { again: { $ref: '#/components/callbacks/Again' } }
components:
  callbacks:
    Again:
      '{$request.body#/next/next/url}':
        query: { callbacks: { again: { $ref: '#/components/callbacks/Again' } } }
  schemas:
    Node: { type: object, properties: { next: { $ref: '#/components/schemas/Node' }, url: { type: string } } }
`,
    )
    assert.deepEqual(codesOf(diagnostics), ['no-body'])
    assert.deepEqual(
      outgoing.map(({ name }) => name),
      ['again'],
    )
  })
})

describe('checkDocument of published documents', {
  skip: !existsSync(realDocuments) && 'the folder is not here',
}, () => {
  const paths = globSync('**/*.{yaml,yml,json}', { cwd: realDocuments }).filter(path =>
    /^\s*["']?openapi["']?\s*:/m.test(readFileSync(join(realDocuments, path), 'utf8')),
  )

  it('finds every malformed key with its class and corrected form, and leaves the others alone', async () => {
    assert.ok(paths.length > 20)
    let found = 0
    for (const path of paths) {
      const { diagnostics, outgoing } = checkDocument(await readDocument(join(realDocuments, path)))
      const keys = diagnostics.filter(({ code }) => ['missing-dollar', 'dotted-body', 'unbalanced'].includes(code))
      found += keys.length
      for (const key of keys) assert.match(key.correction?.text ?? '', /^\{\$request\.body#\/\w+\}$/)
      if (keys.length > 0) assert.ok(outgoing.length > 0)
    }
    assert.equal(found, 8)
  })

  it('gives every known key its known class', async () => {
    const rows: { class: string; key: string; standard: string | null; bodyPropertiesTop: string[] | null }[] =
      JSON.parse(readFileSync(callbackKeys, 'utf8'))
    for (const row of rows) {
      const properties = Object.fromEntries((row.bodyPropertiesTop ?? []).map(name => [name, {}]))
      const operation = {
        requestBody: { content: { 'application/json': { schema: { type: 'object', properties } } } },
        callbacks: { event: { [row.key]: { post: { responses: {} } } } },
      }
      const { diagnostics } = await check(
        'row.json',
        JSON.stringify({ openapi: '3.0.0', paths: { '/x': { post: operation } } }),
      )
      const classes = codesOf(diagnostics).filter(code => !['unknown-pointer', 'unknown-parameter'].includes(code))
      assert.deepEqual(classes, row.class === 'valid' ? [] : [row.class], row.key)
      if (classes.length > 0 && diagnostics.length === 1 && row.standard !== null)
        assert.equal(diagnostics[0]?.correction?.text, row.standard)
      assert.ok(diagnostics.every(({ code }) => levelOf(code) === 'error'))
    }
  })
})
