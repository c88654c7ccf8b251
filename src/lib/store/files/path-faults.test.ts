import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { readableFile, remedyOf, writableFile, writableFolders } from './path-faults.ts'
import { ownIdentity } from './private-group.ts'

const skip = ownIdentity() === undefined
const notRoot = process.geteuid?.() !== 0 && 'only root may give files away'
const nobodys = 54_321
/** Whom everything in the folders of these tests belongs to. */
const us = ownIdentity() ?? { uid: 0, gids: [] }

function temporaryFolder(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'ringback-'))
  t.after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'store'))
  writeFileSync(join(root, 'store', 'file'), '')
  chmodSync(join(root, 'store', 'file'), 0o600)
  return root
}

const mode = (path: string, bits: number) => chmodSync(path, bits)
const pathsOf = (faults: readonly { readonly path: string }[]) => faults.map(({ path }) => path)

test('what only we and root can write has no faults', { skip }, t => {
  const path = join(temporaryFolder(t), 'store', 'file')
  assert.deepEqual([...writableFile(path), ...writableFolders(path), ...readableFile(path)], [])
})

for (const [what, bits] of [
  ['everybody', 0o602],
  ['everybody, with all rights', 0o777],
] as const)
  test(`a file that ${what} can write is named with the command that mends it`, { skip }, t => {
    const path = join(temporaryFolder(t), 'store', 'file')
    mode(path, bits)
    const faults = writableFile(path)
    assert.match(faults[0]?.words ?? '', /can be written by others \(mode 0\d{3}\)$/)
    assert.equal(remedyOf(faults), `chmod go-w '${path}'`)
    execFileSync('sh', ['-c', remedyOf(faults)])
    assert.deepEqual(writableFile(path), [])
  })

test('folders are looked at up to the root; what is not there yet is no fault', { skip }, t => {
  const root = temporaryFolder(t)
  const path = join(root, 'store', 'deep', 'deeper', 'file')
  mode(root, 0o707)
  assert.deepEqual(pathsOf(writableFolders(path)), [root])
  mode(join(root, 'store'), 0o777)
  const faults = writableFolders(path)
  assert.deepEqual(pathsOf(faults), [join(root, 'store'), root])
  execFileSync('sh', ['-c', remedyOf(faults)])
  assert.deepEqual(writableFolders(path), [])
})

test('a sticky folder lets nobody replace what is in it', { skip }, t => {
  const root = temporaryFolder(t)
  mode(join(root, 'store'), 0o1777)
  assert.deepEqual(writableFolders(join(root, 'store', 'file')), [])
})

test('folders are looked at through links, on both sides', { skip }, t => {
  const [here, there] = [temporaryFolder(t), temporaryFolder(t)]
  symlinkSync(join(there, 'store'), join(here, 'link'))
  symlinkSync('../link/file', join(here, 'store', 'relative'))
  const path = join(here, 'store', 'relative')
  assert.deepEqual(writableFolders(path), [])
  for (const folder of [here, there, join(here, 'store'), join(there, 'store')]) {
    mode(folder, 0o777)
    assert.deepEqual(pathsOf(writableFolders(path)), [folder])
    mode(folder, 0o700)
  }
})

test('a group may write only where it is our own', { skip }, t => {
  const root = temporaryFolder(t)
  const path = join(root, 'store', 'file')
  mode(path, 0o660)
  const { gid } = statSync(path)
  // Root's group is root's own.
  assert.deepEqual(pathsOf(writableFile(path, { uid: us.uid, gids: [] })), gid === 0 ? [] : [path])
})

test('a group of others may not write', { skip: notRoot }, t => {
  const root = temporaryFolder(t)
  const path = join(root, 'store', 'file')
  chownSync(path, 0, nobodys)
  chownSync(join(root, 'store'), 0, nobodys)
  mode(path, 0o660)
  mode(join(root, 'store'), 0o770)
  assert.deepEqual(pathsOf([...writableFile(path), ...writableFolders(path)]), [path, join(root, 'store')])
  assert.deepEqual(pathsOf(readableFile(path)), [path])
  assert.deepEqual(writableFile(path, { uid: 0, gids: [nobodys] }), [])
})

test('what belongs to somebody else is his to change, whatever its mode', { skip: notRoot }, t => {
  const root = temporaryFolder(t)
  const path = join(root, 'store', 'file')
  for (const [owned, faults] of [
    [path, () => writableFile(path)],
    [join(root, 'store'), () => writableFolders(path)],
    [root, () => writableFolders(path)],
  ] as const) {
    chownSync(owned, nobodys, 0)
    assert.deepEqual(pathsOf(faults()), [owned])
    assert.match(faults()[0]?.words ?? '', /belongs to user 54321$/)
    execFileSync('sh', ['-c', remedyOf(faults())])
    assert.deepEqual(faults(), [])
  }
  symlinkSync(path, join(root, 'link'))
  lchownSync(join(root, 'link'), nobodys, 0)
  assert.deepEqual(pathsOf(writableFolders(join(root, 'link'))), [join(root, 'link')])
})

test('what belongs to us or to root is ours', { skip: notRoot }, t => {
  const path = join(temporaryFolder(t), 'store', 'file')
  assert.deepEqual(writableFolders(path, { uid: nobodys, gids: [] }), [])
  chownSync(path, nobodys, nobodys)
  assert.deepEqual(writableFile(path, { uid: nobodys, gids: [] }), [])
})

for (const bits of [0o604, 0o644, 0o444])
  test(`a file of mode 0${bits.toString(8)} can be read by others`, { skip }, t => {
    const path = join(temporaryFolder(t), 'store', 'file')
    mode(path, bits)
    const faults = readableFile(path)
    assert.deepEqual(pathsOf(faults), [path])
    execFileSync('sh', ['-c', remedyOf(faults)])
    assert.deepEqual(readableFile(path), [])
  })

test('names with quotes and spaces are quoted for the shell', { skip }, t => {
  const path = join(temporaryFolder(t), `it's a "file" $HOME`)
  writeFileSync(path, '')
  mode(path, 0o666)
  execFileSync('sh', ['-c', remedyOf(writableFile(path))])
  assert.deepEqual(writableFile(path), [])
})
