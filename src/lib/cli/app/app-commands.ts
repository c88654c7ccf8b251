import { type Command, InvalidArgumentError, Option } from 'commander'

/** Adds the commands for an application: `ringback new`, `dev`, `run`, `worker` and `openapi`. */
export function addAppCommands(program: Command): void {
  addNew(program)
  addDev(program)
  addRun(program)
  addWorker(program)
  addOpenapi(program)
}

const appArgument = ['<app>', 'the file that exports the application, as "app" or as default'] as const

const MOST_PORT = 65_535

function addNew(program: Command): void {
  program
    .command('new')
    .description('Make an application to begin with: an API with a callback, its test, a container and CI')
    .argument('<folder>', 'where to; it must not exist yet, or be empty')
    .addHelpText('after', '\nExample:\n  npx ringback new my-api')
    .action(async (folder: string) => (await import('./new-app.ts')).newApp(folder))
}

function addDev(program: Command): void {
  withServeOptions(program.command('dev'))
    .description('Serve an application on this machine only, and start it again whenever a file of it changes')
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .addHelpText(
      'after',
      `
Callbacks may go to this machine. A start that fails says why and waits for the
next change. The file of --env-file is read anew at each start.

Example:
  ringback dev app.ts --env-file .env`,
    )
    .action(async (file: string, options) => (await import('./dev-app.ts')).devApp(file, options))
}

function addRun(program: Command): void {
  withServeOptions(program.command('run'))
    .description('Serve an application until SIGINT or SIGTERM')
    .option('--host <address>', 'the address to listen on (default: all)')
    .option('--allow-loopback', 'for development: callbacks may go to this machine')
    .option('--health', 'respond at /healthz/live and /healthz/ready')
    .option(...healthPortOption)
    .addOption(new Option('--grace-ms <number>').argParser(Number).hideHelp())
    .addOption(new Option('--watched').hideHelp())
    .addHelpText('after', '\nExample:\n  ringback run app.ts --port 8080')
    .action(async (file: string, options) => (await import('./run-app.ts')).runApp(file, options))
}

const envFileOption = [
  '--env-file <file>',
  'set environment variables from this file; those that are set stay',
] as const

const healthPortOption = [
  '--health-port <number>',
  'a port of its own for /healthz/live and /healthz/ready',
  portNumber,
] as const

function addWorker(program: Command): void {
  program
    .command('worker')
    .description('Send the callbacks that an application has stored until SIGINT or SIGTERM, and serve nothing')
    .argument(...appArgument)
    .option('--concurrency <number>', 'attempts at the same time (default: what the application says)', attempts)
    .option(...envFileOption)
    .option('--allow-loopback', 'for development: callbacks may go to this machine')
    .option(...healthPortOption)
    .addOption(new Option('--grace-ms <number>').argParser(Number).hideHelp())
    .addHelpText(
      'after',
      `
Any number of workers may share a store with any number of servers, on one
machine with SQLite and on many with PostgreSQL. Servers that are not to send
anything have "delivery: { worker: false }".

Example:
  ringback worker app.ts --concurrency 256`,
    )
    .action(async (file: string, options) => (await import('./worker-app.ts')).workerApp(file, options))
}

function withServeOptions(command: Command): Command {
  return command
    .argument(...appArgument)
    .option('--port <number>', 'the port; 0 takes a free one (default: PORT, else 8000)', portNumber)
    .option(...envFileOption)
}

function addOpenapi(program: Command): void {
  program
    .command('openapi')
    .description('Print the OpenAPI document of an application, which is not started')
    .argument(...appArgument)
    .option('--yaml', 'as YAML (default: JSON, or what the name of the file says)')
    .addOption(new Option('--output <file>', 'write it to this file').conflicts('check'))
    .option('--check <file>', 'compare it with this file: exit code 1 and the lines that differ')
    .option(...envFileOption)
    .addHelpText('after', '\nExample:\n  ringback openapi app.ts --check openapi.yaml')
    .action(async (file: string, options) => (await import('./openapi-document.ts')).openapiDocument(file, options))
}

function attempts(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (number < 1) throw new InvalidArgumentError('Give a whole number from 1.')
  return number
}

function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : MOST_PORT + 1
  if (port > MOST_PORT) throw new InvalidArgumentError(`Give a whole number from 0 to ${MOST_PORT}.`)
  return port
}
