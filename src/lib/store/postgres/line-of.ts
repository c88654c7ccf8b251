import type { OperationName } from '../queue/queued-operation.ts'

const lines: Partial<Readonly<Record<OperationName | 'wipe', string>>> = {
  add: 'add',
  makeDue: 'add',
  takeBack: 'add',
  find: 'add',
  useKeys: 'add',
  secretVersions: 'add',
  claim: 'work',
  endAttempts: 'work',
  release: 'work',
  claimHandlers: 'work',
  endHandlers: 'work',
  claimOutages: 'work',
  endOutages: 'work',
  claimNotices: 'work',
  endNotices: 'work',
}

/** What requests add, what workers do and what operators ask for goes on at the same time, each on a connection of its own. */
export function lineOf(name: OperationName | 'wipe'): string {
  return lines[name] ?? 'other'
}
