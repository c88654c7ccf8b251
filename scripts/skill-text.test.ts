import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { skillText } from './skill-text.ts'

const files: Readonly<Record<string, string>> = {
  'a.ts': [
    "import { a } from 'a'\nimport { b } from 'b'\n",
    '// Why it is one.\n// Really.\nconst one = 1\nconst two = {\n  deep: [\n    2,\n\n    3,\n  ],\n}',
    'call(\n  one,\n)\n',
  ].join('\n'),
  'page.md': '```ts\n// x.test.ts\nconst x = 1\n```\n\n```ts\nconst x = 2\n```\n',
  'errors.md': '| `ERR_A` | a |\n| `ERR_B` | b |\n',
}
const read = (file: string): string => files[file] ?? ''

describe('skillText', () => {
  it('quotes statements with the comments above them', () => {
    const text = skillText('{{a.ts | import | const one | call(}}', read)
    assert.equal(
      text,
      "import { a } from 'a'\nimport { b } from 'b'\n\n// Why it is one.\n// Really.\nconst one = 1\n\ncall(\n  one,\n)",
    )
    assert.equal(skillText('{{a.ts | const two}}', read), 'const two = {\n  deep: [\n    2,\n\n    3,\n  ],\n}')
    assert.equal(skillText('{{a.ts | // Why}}', read), '// Why it is one.\n// Really.\nconst one = 1')
  })

  it('quotes a named block of a page, and rows of a table', () => {
    assert.equal(skillText('{{page.md#x.test.ts | const x}}', read), 'const x = 1')
    assert.equal(skillText('{{errors.md | ERR_B ERR_A}}', read), '| `ERR_B` | b |\n| `ERR_A` | a |')
  })

  it('refuses what is not there', () => {
    for (const [quoted, message] of [
      ['a.ts | const three', /a.ts has no statement that starts with "const three"/],
      ['page.md#y.ts | x', /page.md has no block "\/\/ y.ts"/],
      ['errors.md | ERR_C', /errors.md has no row "ERR_C"/],
    ] as const)
      assert.throws(() => skillText(`{{${quoted}}}`, read), message)
  })
})
