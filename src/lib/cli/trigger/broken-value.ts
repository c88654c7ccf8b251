import type { ValueCheck } from '../../document/message/value-check.ts'
import { CommandError } from '../command-error.ts'

/** A value that is like a valid one, and that its schema does not allow. */
export function brokenValue(valid: unknown, check: ValueCheck): unknown {
  for (const candidate of candidatesOf(valid)) if (check(candidate).length > 0) return candidate
  throw new CommandError('Its schema allows any body: none can break it')
}

/** The least broken first: one member of another type, one that is missing. */
function* candidatesOf(valid: unknown): Generator<unknown> {
  if (typeof valid === 'object' && valid !== null && !Array.isArray(valid)) {
    for (const name of Object.keys(valid)) yield { ...valid, [name]: { unexpected: [] } }
    for (const name of Object.keys(valid)) {
      const { [name as keyof typeof valid]: _, ...rest } = valid
      yield rest
    }
    for (const name of Object.keys(valid)) yield { ...valid, [name]: null }
  }
  yield* [null, 'broken', 0, [], {}, true]
}
