import assert from 'node:assert/strict'
import { test } from 'node:test'
import { networkFileSystem, networkWarning } from './network-file-system.ts'

test('networkFileSystem knows the file systems that may be on another machine, signed or not, and no local one', () => {
  const named = [0x6969, 0xff534d42, 0xff534d42 | 0, 0xfe534d42, 0xfe534d42 | 0, 0x01021997, 0x65735546, 0x00c36400]
  assert.deepEqual(named.map(networkFileSystem), ['NFS', 'CIFS', 'CIFS', 'SMB', 'SMB', '9p', 'FUSE', 'Ceph'])
  // ext4, XFS, btrfs, ZFS, tmpfs, overlay, F2FS, APFS as Linux reads it.
  const local = [0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x794c7630, 0xf2f52010, 0x4e584150]
  assert.deepEqual(
    local.map(networkFileSystem),
    local.map(() => undefined),
  )
})

test('networkWarning names the file system, the danger and the store', { skip: process.platform !== 'linux' }, () => {
  const folders: string[] = []
  const typeOf = (folder: string) => {
    folders.push(folder)
    return 0x6969
  }
  assert.match(
    networkWarning('/mnt/shared/d.sqlite', typeOf) ?? '',
    /^The delivery store is on a file system that may be on another machine \(NFS\), .*local disk: \/mnt\/shared\/d\.sqlite$/,
  )
  assert.deepEqual(folders, ['/mnt/shared'])
  assert.equal(
    networkWarning('/data/d.sqlite', () => 0xef53),
    undefined,
  )
})
