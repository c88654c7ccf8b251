import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'

const root = new URL('../', import.meta.url)

test('What README and docs/ link to is in the package', async () => {
  const { files } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { files: readonly string[] }
  const docs = (await readdir(new URL('docs/', root))).map(name => `docs/${name}`)
  for (const page of ['README.md', ...docs])
    for (const [, link = ''] of (await readFile(new URL(page, root), 'utf8')).matchAll(
      /\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g,
    )) {
      if (URL.canParse(link)) continue
      const target = new URL(link, new URL(page, root))
      const path = target.href.slice(root.href.length)
      assert.ok(existsSync(target), `${page} links to ${link}, which is not there`)
      assert.ok(
        files.some(file => path === file || path.startsWith(`${file}/`)),
        `${page} links to ${link}, which is not in the package`,
      )
    }
})
