import { type Command, Option } from 'commander'

/** Adds `ringback check`. */
export function addCheckCommand(program: Command): void {
  withAllowRef(program.command('check'))
    .description('Find the callbacks and webhooks of OpenAPI documents, and every mistake in them')
    .argument('<document...>', 'files or URLs: OpenAPI 3.0, 3.1 or 3.2, JSON or YAML')
    .addOption(new Option('--format <form>', 'how they are printed').choices(['text', 'json', 'sarif']).default('text'))
    .option('--json', 'the same as --format json')
    .option('--fix', 'write the corrected keys into the files, of which nothing else changes')
    .addHelpText(
      'after',
      `
Every mistake has a place, a class and a remedy. With --fix, those are mended
whose correction is certain; what is left is printed, and decides on the exit
code: 0 no mistake, 1 mistakes, 2 a document cannot be read.

Examples:
  ringback check openapi.yaml
  ringback check openapi.yaml --fix
  ringback check api/*.yaml --format sarif > callbacks.sarif`,
    )
    .action(async (documents: string[], options) =>
      (await import('./check-documents.ts')).checkDocuments(documents, options),
    )
}

/** Adds the option of every command that reads a document. */
export function withAllowRef(command: Command): Command {
  return command.option(
    '--allow-ref <prefix>',
    "follow references to this folder or URL, too; without it, only those below the document's folder or within its origin (repeatable)",
    (prefix: string, before: readonly string[] = []) => [...before, prefix],
  )
}
