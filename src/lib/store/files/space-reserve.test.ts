import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { SpaceReserve } from './space-reserve.ts'

const disk = { freeBytes: 1_000_000, bytes: 1_600_000 }
const size = disk.bytes / 16

function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-reserve-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const database = join(folder, 'd.sqlite')
  return { folder, file: `${database}-reserve`, reserve: new SpaceReserve(database) }
}

test('SpaceReserve holds a part of the disk, and makes it again after it was given up', t => {
  const { file, reserve } = setUp(t)
  assert.equal(reserve.hasRoomFor(1_000, disk, 0), true)
  assert.equal(lstatSync(file).size, size)
  assert.equal(reserve.release(), true)
  assert.equal(reserve.release(), false)
  assert.equal(reserve.hasRoomFor(1_000, { ...disk, freeBytes: size }, 0), false)
  assert.equal(reserve.hasRoomFor(1_000, disk, 0), true)
})

test('SpaceReserve never writes through a link', t => {
  const { folder, file, reserve } = setUp(t)
  const other = join(folder, 'other')
  writeFileSync(other, 'mine')
  symlinkSync(other, file)
  assert.equal(reserve.hasRoomFor(1_000, disk, 0), true)
  assert.equal(readFileSync(other, 'utf8'), 'mine')
  assert.equal(lstatSync(file).isSymbolicLink(), false)
})

test('SpaceReserve completes what a process that was killed had begun', t => {
  const { file, reserve } = setUp(t)
  writeFileSync(file, 'part')
  assert.equal(reserve.hasRoomFor(1_000, disk, 0), true)
  assert.equal(lstatSync(file).size, size)
})
