import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'

/** Why a command could not do what it was asked: the reason goes to stderr without a stack. */
export class CommandError extends Error {
  /** 1, unless the command tells by its code why: 2 is for what it cannot even begin with. */
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}

/** Tells in a command's own words what could not be done with a store. */
export const refused =
  (what: string) =>
  (error: unknown): never => {
    throw error instanceof StoreUnavailableError ? new CommandError(`${what}: ${error.reason}`) : error
  }
