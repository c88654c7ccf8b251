import { CommandError } from '../command-error.ts'

/** Sets environment variables from a file; those that are set stay. */
export function loadEnvironment(file: string): void {
  try {
    process.loadEnvFile(file)
  } catch (error) {
    throw new CommandError(`The environment file "${file}" cannot be read: ${(error as Error).message}`)
  }
}
