import { readFileSync } from 'node:fs'

/** Who a process runs as. */
export interface Identity {
  readonly uid: number
  /** The groups that it is in. */
  readonly gids: readonly number[]
}

/** What passwd(5) and group(5) say. */
export interface SystemUsers {
  readonly passwd: string
  readonly group: string
}

/** Who this process runs as; undefined on Windows, where files have no owners of that kind. */
export function ownIdentity(): Identity | undefined {
  const { geteuid, getegid, getgroups } = process
  if (geteuid === undefined || getegid === undefined || getgroups === undefined) return undefined
  return { uid: geteuid(), gids: [getegid(), ...getgroups()] }
}

/**
 * Whether a group is one of the process's own with nobody else in it but root, as many systems make one for each user, so
 * that its right to write is no one else's.
 */
export function isPrivateGroup(gid: number, { uid, gids }: Identity, users = systemUsers()): boolean {
  // Root's own: who is in it may become root, or is no person.
  if (gid === 0) return true
  // There the two files say nothing of people.
  if (process.platform === 'darwin' || !gids.includes(gid)) return false
  const people = rows(users.passwd).map(([name, , user, group]) => ({ name, uid: Number(user), gid: Number(group) }))
  const names = rows(users.group).flatMap(([, , group, members = '']) =>
    Number(group) === gid ? members.split(',').filter(name => name !== '') : [],
  )
  const named = names.map(name => people.find(person => person.name === name)?.uid)
  const members = [...named, ...people.filter(person => person.gid === gid).map(person => person.uid)]
  return members.every(member => member === uid || member === 0)
}

const rows = (text: string): string[][] => text.split('\n').flatMap(line => (line === '' ? [] : [line.split(':')]))

function systemUsers(): SystemUsers {
  return { passwd: textOf('/etc/passwd'), group: textOf('/etc/group') }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
