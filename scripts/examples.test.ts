import assert from 'node:assert/strict'
import { test } from 'node:test'
import { examplesOf } from './examples.ts'

const page = `# Title

\`\`\`ts
// app.ts
import { Ringback } from 'ringback'
\`\`\`

\`\`\`ts run
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

test('examplesOf reads the fences of a page that import something', () => {
  assert.deepEqual(examplesOf('docs/a.md', page), [
    {
      file: 'docs/a.md',
      line: 4,
      runs: false,
      name: 'app.ts',
      code: "// app.ts\nimport { Ringback } from 'ringback'\n",
    },
    {
      file: 'docs/a.md',
      line: 9,
      runs: true,
      name: undefined,
      code: "import { app } from './app.ts'\n\n  app.close()\n",
    },
  ])
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
