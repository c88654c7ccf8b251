import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { linkTarget, repositoryUrl } from './link-target.ts'

const repository = 'https://example.org/ringback'

describe('linkTarget', () => {
  it('leads from page to page, whatever their folders on the site', () => {
    const cases = [
      ['docs/delivery.md#metrics', 'README.md', '/reference/delivery.md#metrics'],
      ['../../SECURITY.md', 'docs/guide/guard.md', '/project/security.md'],
      ['callbacks.md', 'docs/guide/README.md', '/guide/callbacks.md'],
      ['../guide/', 'docs/guide/callbacks.md', '/guide/index.md'],
      ['README.md', 'docs/guide/callbacks.md', '/guide/index.md'],
      ['009-dist-is-bundled.md', 'decisions/012-message-queue-and-end.md', '/project/decisions/009-dist-is-bundled.md'],
    ] as const
    for (const [link, page, href] of cases) assert.deepEqual(linkTarget(link, page, undefined), { href })
  })

  it('leaves alone what stands in the page or elsewhere', () => {
    for (const link of ['#metrics', 'https://example.org/a', 'mailto:a@example.org', '/guide/'])
      assert.deepEqual(linkTarget(link, 'README.md', undefined), { href: link })
  })

  it('shows other files in the repository where one is named, else as files of the site', () => {
    const file = 'examples/invoices.ts'
    assert.deepEqual(linkTarget(`../${file}`, 'docs/delivery.md', repository), {
      href: `${repository}/blob/HEAD/${file}`,
    })
    assert.deepEqual(linkTarget('../src', 'docs/delivery.md', repository), { href: `${repository}/tree/HEAD/src` })
    assert.deepEqual(linkTarget(`../${file}`, 'docs/delivery.md', undefined), { href: `/files/${file}.txt`, file })
    assert.throws(() => linkTarget('../src', 'docs/delivery.md', undefined), /link to a file of it/)
  })

  it('refuses what is not there', () => {
    assert.throws(() => linkTarget('gone.md', 'docs/delivery.md', repository), /"gone.md" leads to no file/)
  })
})

describe('repositoryUrl', () => {
  it('reads the forms of package.json', () => {
    const url = 'https://github.com/a/b'
    for (const repository of ['a/b', 'github:a/b', url, `git+${url}.git`, { url: `git+${url}.git` }])
      assert.equal(repositoryUrl({ repository }), url)
    assert.equal(repositoryUrl({}), undefined)
  })
})
