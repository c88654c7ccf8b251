import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from './failure.ts'
import { heading, say, show, showCode } from './screen.ts'
import type { Stage } from './stage.ts'

/** What this is about, and what was started. */
export async function showIntroduction({ root, api, externalApi, callbackUrl, signal }: Stage): Promise<void> {
  heading('Ringback: APIs that call their users back')
  say(
    'A client creates an invoice and gives a URL; when the invoice is paid, the API sends a request to that URL. OpenAPI calls such a request a callback. With Ringback it is declared once, beside its operation, and then documented, checked by the compiler, and delivered.',
  )
  say(
    'From examples/invoices.ts, which this demo runs as it is: the declaration of a callback, and the line that sends it.',
  )
  const program = await readFile(join(root, 'examples/invoices.ts'), 'utf8')
  showCode([
    ...linesOf(program, /^export const invoiceCallbacks = \{\n.*?\n\}$/ms),
    '',
    ...linesOf(program, /^ *await callbacks.*$/m),
  ])
  const { status } = await fetch(new URL('/openapi.json', api.url), { signal })
  if (status !== 200) throw new Failure(`The API responded to GET /openapi.json with ${status}`)
  say('Two servers run now:')
  show([
    `the API           ${api.url}  invoices.ts, process ${api.pid}`,
    `the external API  ${externalApi.origin}  a plain Node server without Ringback`,
  ])
  say(
    `The external API wants its callbacks at ${callbackUrl} and was given a secret for it, with which it verifies their signatures.`,
  )
}

function linesOf(program: string, part: RegExp): string[] {
  const [text] = part.exec(program) ?? []
  if (text === undefined) throw new Failure('examples/invoices.ts is not as this demo expects it')
  return text.split('\n').map(line => line.replace(/^ +(?=await)/, ''))
}
