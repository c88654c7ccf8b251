import { type Command, InvalidArgumentError, Option } from 'commander'
import { withAllowRef } from '../check/check-command.ts'

/** Adds the commands for whoever receives callbacks: `ringback listen`, `trigger` and `verify`. */
export function addReceiverCommands(program: Command): void {
  addListen(program)
  addTrigger(program)
  addVerify(program)
}

function addListen(program: Command): void {
  withVerifier(withAllowRef(program.command('listen')))
    .description(
      'Receive the callbacks and webhooks of an OpenAPI document on this machine: verify, validate and show them',
    )
    .argument('<document>', 'a file or URL: OpenAPI 3.0, 3.1 or 3.2, JSON or YAML')
    .option('--port <number>', 'the port; 0 takes a free one', portNumber, 9000)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--no-verify', 'take requests without a signature, too')
    .option('--forward <url>', 'send what is valid on to this application, and respond as it does', httpUrl)
    .option('--fail <status>', 'respond to what is valid with this status', errorStatus)
    .option('--times <number>', 'with --fail: only to so many requests, then as usual', wholeNumber)
    .option('--delay <time>', 'respond that much later: 500ms, 20s, 1m', duration)
    .option('--record <file>', 'append every request to this file, up to 64 MiB')
    .addOption(
      new Option('--replay <file>', 'send the recorded requests, signed anew, to --forward, and end').conflicts([
        'record',
        'script',
      ]),
    )
    .addOption(new Option('--script <name>', 'misbehave: slow, 410, 429, redirect, cut body').choices(['misbehave']))
    .addOption(new Option('--slow <time>').argParser(duration).default(20_000).hideHelp())
    .option('--details', 'show headers and bodies of every request')
    .option('--json', 'print one line of JSON for each request, for programs')
    .addHelpText('after', listenHelp)
    .action(async (document: string, options) => (await import('./listen.ts')).listen(document, options))
}

const listenHelp = `
Any path may stand before that of a callback: it is the path of the base URL
that the API is given, such as http://127.0.0.1:9000/events. What is valid gets
the first 2xx response that the document declares, with an example as its body;
a wrong signature or time gets 401, a broken body 400, 415 or 422. A webhook-id
that comes again gets the same response again. Without keys, signatures of
"ringback trigger" are verified.

With --script misbehave, each new message meets the next of: a slow response,
410, 429 with Retry-After, a redirect, a body that is cut. What the sender did
then is printed when it is known, and at the end.

Examples:
  ringback listen openapi.yaml
  ringback listen http://127.0.0.1:8000/openapi.json --keys http://127.0.0.1:8000/.well-known/jwks.json
  ringback listen openapi.yaml --fail 503 --times 3
  ringback listen openapi.yaml --record requests.jsonl --forward http://127.0.0.1:3000/hooks`

function addTrigger(program: Command): void {
  withAllowRef(program.command('trigger'))
    .description('Send one signed callback or webhook of an OpenAPI document to a receiver')
    .argument('<document>', 'a file or URL: OpenAPI 3.0, 3.1 or 3.2, JSON or YAML')
    .argument('<callback>', 'its name; with "POST /path " before it if several operations have one of that name')
    .requiredOption('--to <url>', 'the base URL of the receiver, as it would be given to the API', httpUrl)
    .option('--body <file>', 'the body to send; - reads it from stdin (default: an example that the schema allows)')
    .option('--set <name=value>', 'the value of a {name} in its URL (repeatable)', collectPair)
    .option('--secret <secret>', 'the secret to sign with, whsec_… (default: the test secret of "ringback listen")')
    .option('--private-key <key>', 'sign with this Ed25519 key as well, whsk_…')
    .option('--id <id>', 'the webhook-id (default: a new one)')
    .addOption(
      new Option('--mistake <kind>', 'send it wrong on purpose, which a receiver must refuse').choices([
        'body',
        'signature',
        'timestamp',
        'repeat',
      ]),
    )
    .option('--timeout <time>', 'how long to wait for the response: 500ms, 15s', duration, 15_000)
    .option('--json', 'print one JSON document, for programs')
    .addHelpText('after', triggerHelp)
    .action(async (document: string, callback: string, options) =>
      (await import('../trigger/trigger.ts')).trigger(document, callback, options),
    )
}

const triggerHelp = `
The body is the document's own example if its schema allows that, else one made
of the schema. Mistakes are a body that breaks its schema, a signature by
another key, a timestamp of an hour ago, and the same message twice, which must
get the same response twice.

Exit codes: 0 the response is a declared 2xx (with --mistake: it was refused or
repeated as it must be), 1 it is not, 2 the document cannot be read.

Examples:
  ringback trigger openapi.yaml invoiceNotification --to http://127.0.0.1:9000/events
  ringback trigger openapi.yaml "POST /subscriptions notifications" --to http://127.0.0.1:9000
  ringback trigger openapi.yaml invoiceNotification --to http://127.0.0.1:9000 --mistake signature`

function addVerify(program: Command): void {
  withVerifier(program.command('verify'))
    .description('Verify the signature of a request that was kept')
    .argument(
      '[file]',
      'the request: its headers, an empty line, its body; or the body alone with --header (default: stdin)',
    )
    .option('--header <line>', 'a header, "webhook-id: …"; the file then is the body (repeatable)', collect)
    .option('--at <time>', 'judge its age as of this time: ISO 8601 or epoch seconds (default: that of its timestamp)')
    .option('--json', 'print one JSON document, for programs')
    .addHelpText(
      'after',
      `
Exit codes: 0 the signature is valid, 1 it is not, and why.

Example:
  ringback verify body.json --secret whsec_… --header 'webhook-id: msg_1' \\
    --header 'webhook-timestamp: 1614265330' --header 'webhook-signature: v1,…'`,
    )
    .action(async (file: string | undefined, options) =>
      (await import('../trigger/verify-request.ts')).verifyRequest(file, options),
    )
}

function withVerifier(command: Command): Command {
  return command
    .option('--secret <secret>', 'a secret of the sender, whsec_… (repeatable)', collect)
    .option('--keys <location>', "the sender's key set: a file or URL, such as …/.well-known/jwks.json")
    .option('--audience <url>', 'take only what is signed for this base URL')
    .option('--recipient <name>', 'with --audience: take only what was caused by this recipient')
    .option('--tolerance <seconds>', 'how old a timestamp may be (default: 300)', wholeNumber)
}

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text]

function collectPair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give a name, "=" and a value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function httpUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('Give an http or https URL.')
  return url
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}

function portNumber(text: string): number {
  const port = wholeNumber(text)
  if (port > 65_535) throw new InvalidArgumentError('Give a whole number from 0 to 65535.')
  return port
}

function errorStatus(text: string): number {
  if (!/^[2345]\d\d$/.test(text)) throw new InvalidArgumentError('Give a status from 200 to 599.')
  return Number(text)
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? []
  const timeMs = Number(number) * (unitMs[unit] ?? 0)
  if (number === '' || timeMs > 3_600_000)
    throw new InvalidArgumentError('Give a time up to an hour, such as 500ms, 20s or 1m.')
  return timeMs
}
