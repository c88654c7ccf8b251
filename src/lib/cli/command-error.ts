/** Why a command could not do what it was asked: the reason goes to stderr without a stack, the exit code is 1. */
export class CommandError extends Error {}
