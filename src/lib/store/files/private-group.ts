import { readFileSync } from 'node:fs'

/** The user and the groups that a process runs as. */
export interface Identity {
  readonly uid: number
  /** The groups that the user is in. */
  readonly gids: readonly number[]
}

/** The texts of passwd(5) and group(5). */
export interface SystemUsers {
  readonly passwd: string
  readonly group: string
}

/** The user that this process runs as; undefined on Windows, where files have no such owners. */
export function ownIdentity(): Identity | undefined {
  const { geteuid, getegid, getgroups } = process
  if (geteuid === undefined || getegid === undefined || getgroups === undefined) return undefined
  return { uid: geteuid(), gids: [getegid(), ...getgroups()] }
}

/**
 * Whether only this process's user, and perhaps root, is in a group. Many systems make such a group for each user, and
 * its permission to write is nobody else's.
 */
export function isPrivateGroup(gid: number, { uid, gids }: Identity, users = systemUsers()): boolean {
  // The group of root: its members can become root anyway, or are not people.
  if (gid === 0) return true
  // macOS does not list people in these two files.
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
