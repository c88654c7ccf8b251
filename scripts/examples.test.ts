import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcedOutput, examplesOf, missingOutput } from './examples.ts'

const page = `# Title

\`\`\`ts
// app.ts
import { Ringback } from 'ringback'
\`\`\`

\`\`\`ts no-run
import { app } from './app.ts'

  app.close()
\`\`\`

\`\`\`ts
const imports = 'nothing'
\`\`\`

\`\`\`json
{ "import": 1 }
\`\`\`
`

test('examplesOf reads the fences of a page that contain an import', () => {
  assert.deepEqual(examplesOf('docs/a.md', page), [
    {
      file: 'docs/a.md',
      line: 4,
      runs: true,
      name: 'app.ts',
      code: "// app.ts\nimport { Ringback } from 'ringback'\n",
    },
    {
      file: 'docs/a.md',
      line: 9,
      runs: false,
      name: undefined,
      code: "import { app } from './app.ts'\n\n  app.close()\n",
    },
  ])
})

test('examplesOf leaves out what quotes a program of its own', () => {
  const quotation = "```ts\n// examples/guide/a.ts\nimport { Ringback } from 'ringback'\n```\n"
  assert.deepEqual(examplesOf('docs/guide/a.md', quotation), [])
})

test('examplesOf reads the fences of doc comments only', () => {
  const comment = `${page.replaceAll(/^/gm, '   * ').replaceAll(/ +$/gm, '')}`
  assert.deepEqual(
    examplesOf('src/a.ts', `  /**\n${comment}\n   */\nconst text = \`\n${page}\``).map(({ line, code }) => [
      line,
      code.split('\n').length,
    ]),
    [
      [5, 3],
      [10, 4],
    ],
  )
})

test('announcedOutput reads the comments after a console.log, or on the lines below it', () => {
  const code =
    "console.log(1) // 1\nconst url = 'a' // no output\nconsole.log(\n// one\n// two\n\n// three\nconsole.log(url)\n"
  assert.deepEqual(announcedOutput(code), ['1', 'one', 'two'])
})

test('missingOutput finds output that is missing, or in another order', () => {
  assert.equal(missingOutput(['1', '{ a: 1 }', 'whsec_…'], 'log\n1\n{\n  a: 1\n}\nwhsec_abc\n'), undefined)
  assert.equal(missingOutput(['1', '2'], '2\n1\n'), '2')
  assert.equal(missingOutput(['20'], '200\n'), '20')
})
