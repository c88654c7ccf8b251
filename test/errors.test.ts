import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import * as errors from 'ringback/errors'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const documented = [...read('docs/errors.md').matchAll(/^\| `(ERR_\w+)` \| `(\w+)` \|/gm)].map(([, code, name]) => ({
  code,
  name,
}))
const sources = globSync('src/lib/**/*.ts', { cwd: root }).filter(path => !path.includes('.test'))
const withoutComments = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')

describe('docs/errors.md', () => {
  it('lists every code that the source throws, and no other', () => {
    const made = /(?:static readonly code = |super\(\s*|new RingbackError\(\s*)'(ERR_[A-Z_]+)'/g
    const thrown = new Set(
      sources.flatMap(path => [...withoutComments(read(path)).matchAll(made)].map(([, code]) => code)),
    )
    assert.deepEqual([...new Set(documented.map(({ code }) => code))].toSorted(), [...thrown].toSorted())
  })

  it('lists every class of ringback/errors, and no other', () => {
    const listed = new Set(documented.map(({ name }) => name))
    assert.deepEqual([...listed].toSorted(), Object.keys(errors).toSorted())
  })

  it('names each class with the code that its source gives it', () => {
    for (const { code, name } of documented) {
      if (name === 'RingbackError') continue
      const source = sources.map(read).find(text => text.includes(`export class ${name} extends`))
      assert.ok(source?.includes(`'${code}'`), `${name} has the code ${code}`)
    }
  })
})

describe('ringback/errors', () => {
  it('names every class and its code in the family tree at its top', () => {
    const tree = read('src/errors.ts')
    for (const { code, name } of documented)
      if (name !== 'RingbackError') assert.match(tree, new RegExp(`\\* +${name} +${code} `))
  })
})

describe('README.md', () => {
  it('shows examples/invoices.ts as it is', () => {
    assert.ok(read('README.md').includes(`\`\`\`ts no-run\n// app.ts\n${read('examples/invoices.ts')}\`\`\``))
  })

  it('has at most 200 lines', () => {
    assert.ok(read('README.md').split('\n').length <= 200)
  })
})
