import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import fc from 'fast-check'
import { HttpError } from '../http-error.ts'
import { type FormLimits, formLimits } from './form.ts'
import { readMultipart } from './read-multipart.ts'
import { removeLeftOvers, Spool } from './spool.ts'

const folder = mkdtempSync(join(tmpdir(), 'ringback-test-'))
after(() => rmSync(folder, { recursive: true }))

/** Gives bytes in chunks of a size. */
async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

async function encoded(form: FormData): Promise<{ bytes: Uint8Array; contentType: string }> {
  const response = new Response(form)
  return { bytes: new Uint8Array(await response.arrayBuffer()), contentType: response.headers.get('content-type')! }
}

const typed = 'multipart/form-data; boundary=b'
const text = (...lines: string[]) => new TextEncoder().encode(lines.join('\r\n'))

const refuses = async (
  bytes: AsyncIterable<Uint8Array>,
  expected: { status: number; message: RegExp },
  options: { limits?: FormLimits; contentType?: string; spool?: Spool } = {},
) => {
  const spool = options.spool ?? new Spool(1e9, folder)
  await assert.rejects(
    readMultipart(bytes, options.contentType ?? typed, { files: spool.open(), limits: formLimits(options.limits) }),
    (error: unknown) => {
      assert.ok(error instanceof HttpError)
      assert.equal(error.status, expected.status)
      assert.match(error.message, expected.message)
      return true
    },
  )
  assert.equal(spool.usedBytes, 0)
  assert.deepEqual(readdirSync(folder), [])
}

describe('readMultipart', () => {
  it('reads what a web FormData writes, whatever the chunks', async () => {
    const names = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter(one => !/[\r\n"\\]/.test(one))
    const texts = fc.string({ maxLength: 300, unit: 'grapheme' }).filter(one => !/[\r\n]/.test(one))
    const lengths = fc.integer({ min: 0, max: 200_000 })
    const parts = fc.array(fc.tuple(names, fc.oneof(texts, lengths)), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 100_000 }), async (given, size) => {
        const form = new FormData()
        for (const [name, value] of given)
          if (typeof value === 'string') form.append(name, value)
          else form.append(name, new Blob(['\r\n--'.repeat(value).slice(0, value)]), 'a.bin')
        const { bytes, contentType } = await encoded(form)
        const spool = new Spool(1e9, folder)
        const chunks = inChunks(bytes, Math.max(size, Math.ceil(bytes.length / 500)))
        const files = spool.open()
        const parts = await readMultipart(chunks, contentType, { files, limits: formLimits() })
        const values = await Promise.all(
          parts.map(async ({ name, value }) => [name, typeof value === 'string' ? value : (await value.text()).length]),
        )
        await files.remove()
        assert.deepEqual(values, given)
        assert.equal(spool.usedBytes, 0)
      }),
      { numRuns: 60 },
    )
    assert.deepEqual(readdirSync(folder), [])
  })

  it('keeps a large file on the disk, for this user only and under a name of its own', async () => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(300_000).fill(7)], { type: 'image/png' }), '../../etc/passwd')
    form.append('small', new Blob(['x'], { type: 'text/csv' }), 'a.csv')
    const { bytes, contentType } = await encoded(form)
    const spool = new Spool(1e9, folder)
    const files = spool.open()
    const parts = await readMultipart(inChunks(bytes), contentType, { files, limits: formLimits() })
    const [large, small] = parts.map(({ value }) => value as File)
    assert.deepEqual([large?.name, large?.type, large?.size], ['passwd', 'image/png', 300_000])
    assert.deepEqual([small?.name, small?.type, await small?.text()], ['a.csv', 'text/csv', 'x'])
    const [made = ''] = readdirSync(folder)
    assert.equal(statSync(join(folder, made)).mode & 0o777, 0o700)
    assert.deepEqual(readdirSync(join(folder, made)), ['1'])
    assert.equal(statSync(join(folder, made, '1')).mode & 0o777, 0o600)
    assert.equal(spool.usedBytes, 300_000)
    await files.remove()
    assert.deepEqual([spool.usedBytes, readdirSync(folder)], [0, []])
  })

  it('leaves out a file input without a file, as browsers send it, and keeps an empty file', async () => {
    const bytes = text(
      ...[
        '--b',
        'Content-Disposition: form-data; name="none"; filename=""',
        'Content-Type: application/octet-stream',
        '',
        '',
      ],
      ...['--b', 'Content-Disposition: form-data; name="empty"; filename="e.txt"', 'Content-Type: text/plain', '', ''],
      ...['--b', 'Content-Disposition: form-data; name="__proto__"', '', 'kept', '--b--', ''],
    )
    const files = new Spool(0, folder).open()
    const parts = await readMultipart(inChunks(bytes), typed, { files, limits: formLimits() })
    assert.deepEqual(
      parts.map(({ name, value }) => [name, typeof value === 'string' ? value : value.name]),
      [
        ['empty', 'e.txt'],
        ['__proto__', 'kept'],
      ],
    )
  })

  it('refuses what is no such form', async () => {
    const field = ['--b', 'Content-Disposition: form-data; name="a"', '', 'x']
    await refuses(inChunks(text(...field)), { status: 400, message: /^The body is not a multipart form: / })
    await refuses(inChunks(text('no form')), { status: 400, message: /not a multipart form/ })
    await refuses(inChunks(new Uint8Array()), { status: 400, message: /not a multipart form/ })
    await refuses(
      inChunks(text(...field)),
      { status: 400, message: /not a multipart form: .*Boundary/ },
      { contentType: 'multipart/form-data' },
    )
    await refuses(inChunks(text('--b', 'Content-Disposition: form-data', '', 'x', '--b--', '')), {
      status: 400,
      message: /a part has no name/,
    })
    await refuses(
      inChunks(text('--b', 'Content-Disposition: form-data; filename="a"', '', 'x'.repeat(1e5), '--b--', '')),
      { status: 400, message: /a part has no name/ },
    )
  })

  it('refuses more than the limits', async () => {
    const form = new FormData()
    for (const name of ['a', 'b', 'c']) {
      form.append(name, 'text')
      form.append(name, new Blob([new Uint8Array(100_000)]), 'f')
    }
    const { bytes, contentType } = await encoded(form)
    const limited = (limits: FormLimits, message: RegExp) =>
      refuses(inChunks(bytes), { status: 413, message }, { limits, contentType })
    await limited({ maxFields: 2 }, /^The form has more than 2 fields$/)
    await limited({ maxFiles: 1 }, /^The form has more than 1 file$/)
    await limited({ maxPartBytes: 3 }, /^A field of the form is larger than 3 bytes$/)
  })

  it('refuses many parts that are neither, without reading to the end', async () => {
    let read = 0
    async function* counted() {
      for (let chunk = 0; chunk < 100; chunk++) {
        read += 1
        yield text(...Array.from({ length: 1_000 }, () => ['--b', '', 'x']).flat(), '')
      }
    }
    await refuses(counted(), { status: 413, message: /^The form has more than 1100 parts$/ })
    assert.equal(read, 2)
  })

  it('refuses files for which there is no room', async () => {
    const form = new FormData()
    form.append('a', new Blob([new Uint8Array(100_000)]), 'f')
    const { bytes, contentType } = await encoded(form)
    const alone = new Spool(80_000, folder)
    const message = /^The files of the form are larger than 80000 bytes$/
    await refuses(inChunks(bytes), { status: 413, message }, { contentType, spool: alone })
    const shared = new Spool(150_000, folder)
    const other = shared.open()
    await readMultipart(inChunks(bytes), contentType, { files: other, limits: formLimits() })
    const refused = readMultipart(inChunks(bytes), contentType, { files: shared.open(), limits: formLimits() })
    await assert.rejects(refused, { status: 503, message: /no room for files/ })
    await other.remove()
    assert.deepEqual([shared.usedBytes, readdirSync(folder)], [0, []])
  })

  it('refuses texts that are too long together', async () => {
    const form = new FormData()
    for (let index = 0; index < 11; index++) form.append('a', 'x'.repeat(100_000))
    const { bytes, contentType } = await encoded(form)
    const message = /^The fields of the form are larger than 1048576 bytes together$/
    await refuses(inChunks(bytes), { status: 413, message }, { contentType })
    const limits = formLimits({ maxPartBytes: 2_000_000 })
    const files = new Spool(0, folder).open()
    assert.equal((await readMultipart(inChunks(bytes), contentType, { files, limits })).length, 11)
  })

  it('leaves nothing behind where the bytes end in an error', async () => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(1e6)]), 'f')
    const { bytes, contentType } = await encoded(form)
    async function* broken() {
      yield* inChunks(bytes.subarray(0, 500_000))
      throw new HttpError(400, 'The body ended before it was complete')
    }
    await refuses(broken(), { status: 400, message: /^The body ended before/ }, { contentType })
  })
})

describe('removeLeftOvers', () => {
  it('removes the folders of forms that are older than a day, and nothing else', async () => {
    const others = mkdtempSync(join(folder, 'other-'))
    const left = mkdtempSync(join(folder, 'ringback-form-'))
    const now = Date.now()
    await removeLeftOvers(folder, now + 86_000_000)
    assert.equal(readdirSync(folder).length, 2)
    await removeLeftOvers(folder, now + 87_000_000)
    assert.deepEqual(readdirSync(folder), [others.slice(folder.length + 1)])
    assert.ok(!readdirSync(folder).includes(left))
    rmSync(others, { recursive: true })
  })
})
