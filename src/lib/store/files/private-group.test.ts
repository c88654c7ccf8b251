import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPrivateGroup } from './private-group.ts'

const passwd = `root:x:0:0:root:/root:/bin/sh
ann:x:1000:1000::/home/ann:/bin/sh
ben:x:1001:1001::/home/ben:/bin/sh
cyd:x:1002:100::/home/cyd:/bin/sh
`
const group = `root:x:0:
users:x:100:
ann:x:1000:
ben:x:1001:ann
team:x:2000:ann,ben
own:x:2001:ann,root
odd:x:2002:ann,somebody
`
const ann = { uid: 1000, gids: [1000, 100, 1001, 2000, 2001, 2002, 3000] }

for (const [gid, expected, what] of [
  [1000, true, 'made for its user'],
  [0, true, 'of root'],
  [2001, true, 'with root beside the user'],
  [3000, true, 'that nobody is known to be in, as a container gives it'],
  [1001, false, 'of another user'],
  [100, false, 'that is the first one of another user'],
  [2000, false, 'with others'],
  [2002, false, 'with somebody who is not known'],
  [4000, false, 'that the process is not in'],
] as const)
  test(`a group ${what} is ${expected ? 'private' : 'not private'}`, { skip: process.platform === 'darwin' }, () => {
    assert.equal(isPrivateGroup(gid, ann, { passwd, group }), expected)
  })

test('without the two files a group of the process is private, and no other', {
  skip: process.platform === 'darwin',
}, () => {
  assert.equal(isPrivateGroup(1000, ann, { passwd: '', group: '' }), true)
  assert.equal(isPrivateGroup(4000, ann, { passwd: '', group: '' }), false)
})
