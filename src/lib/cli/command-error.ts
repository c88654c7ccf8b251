import { StoreUnavailableError } from '../delivery/store-unavailable-error.ts'

/** Why a command could not do what it was asked: the reason goes to stderr without a stack, the exit code is 1. */
export class CommandError extends Error {}

/** Tells in a command's own words what could not be done with a store. */
export const refused =
  (what: string) =>
  (error: unknown): never => {
    throw error instanceof StoreUnavailableError ? new CommandError(`${what}: ${error.reason}`) : error
  }
