import { CommandError } from '../command-error.ts'

/** Sets environment variables from a file, where one is given; those that are set stay. */
export function loadEnvironment(file: string | undefined): void {
  if (file === undefined) return
  try {
    process.loadEnvFile(file)
  } catch (error) {
    throw new CommandError(`The environment file "${file}" cannot be read: ${(error as Error).message}`)
  }
}
