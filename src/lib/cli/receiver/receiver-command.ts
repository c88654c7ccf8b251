import { type Command, Option } from 'commander'
import { withAllowRef } from '../check/check-command.ts'

/** Adds `ringback receiver`. */
export function addReceiverCommand(program: Command): void {
  withAllowRef(program.command('receiver'))
    .description('Write the document of the API that a receiver must offer, for generators of servers and types')
    .argument('<document>', 'a file or URL: OpenAPI 3.0, 3.1 or 3.2, JSON or YAML')
    .option('--operation <id>', 'only the callbacks of the operation with this operationId')
    .option('--callback <name>', 'only the callback or webhook of this name')
    .addOption(
      new Option(
        '--as <form>',
        'as paths of a server, or as top-level webhooks, each by itself (OpenAPI 3.1 and later)',
      )
        .choices(['paths', 'webhooks'])
        .default('paths'),
    )
    .option('--yaml', 'as YAML (default: JSON, or what the name of the file says)')
    .option('--output <file>', 'write it to this file instead of printing it')
    .addHelpText('after', receiverHelp)
    .action(async (document: string, options) => (await import('./write-receiver.ts')).writeReceiver(document, options))
}

const receiverHelp = `
Each callback becomes an operation of its own; all webhooks become one, at /,
as one URL gets them all. What they refer to, in other files too, is in the
document that is written, which needs no other.

Exit codes: 0 written, 1 there is nothing to write or a reference leads nowhere,
2 the document cannot be read.

Examples:
  ringback receiver openapi.yaml --output receiver.yaml
  ringback receiver https://api.example/openapi.json --callback invoiceNotification`
