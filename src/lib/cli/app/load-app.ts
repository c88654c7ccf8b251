import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { Ringback } from '../../app/ringback.ts'
import { CommandError } from '../command-error.ts'
import { printNote } from '../terminal.ts'

/** The application that a module exports as `app`, else as default. Throws a `CommandError` that says what is missing. */
export async function loadApp(file: string): Promise<Ringback> {
  const path = resolve(file)
  if (!existsSync(path)) throw new CommandError(`There is no file "${file}"`)
  const { app, default: byDefault } = await loaded(path, file)
  const given = app ?? byDefault
  if (given instanceof Ringback) return given
  if (given === undefined) throw new CommandError(`"${file}" exports no application: export it as "app", or as default`)
  throw new CommandError(
    nameOfClass(given) === 'Ringback'
      ? `The application of "${file}" was made by another copy of Ringback: run the command of the package that it imports, with npx`
      : `"${file}" exports something else than an application: export a Ringback as "app", or as default`,
  )
}

async function loaded(path: string, file: string): Promise<{ app?: unknown; default?: unknown }> {
  try {
    return await import(pathToFileURL(path).href)
  } catch (error) {
    printNote(inspect(error))
    throw new CommandError(`"${file}" cannot be loaded: the error stands above`)
  }
}

const nameOfClass = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null ? value.constructor?.name : undefined
