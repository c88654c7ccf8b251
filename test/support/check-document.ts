import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Validator } from '@seriousme/openapi-schema-validator'
import type { OpenApiDocument } from 'ringback/openapi'
import { refusedIn } from './refused-constructs.ts'

const redocly = fileURLToPath(new URL('../../node_modules/@redocly/cli/bin/cli.js', import.meta.url))
const config = fileURLToPath(new URL('../../redocly.yaml', import.meta.url))
const run = promisify(execFile)

/** A document passes the schema of its version of OpenAPI. */
export async function assertConforms(document: OpenApiDocument): Promise<void> {
  const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)))
  assert.ok(valid, JSON.stringify(errors, undefined, 2))
}

/** A document passes the schema of OpenAPI and contains nothing that strict generators refuse. */
export async function assertValid(document: OpenApiDocument): Promise<void> {
  await assertConforms(document)
  assert.deepEqual(refusedIn(document), [])
}

/** `redocly lint` with the rules of redocly.yaml, except for one, finds no error in any of the documents. */
export async function assertLinted(
  documents: Readonly<Record<string, OpenApiDocument>>,
  skippedRule?: string,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-lint-'))
  try {
    const files = await Promise.all(
      Object.entries(documents).map(async ([name, document]) => {
        const file = join(folder, `${name}.json`)
        await writeFile(file, JSON.stringify(document))
        return file
      }),
    )
    const environment = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    const skipped = skippedRule === undefined ? [] : [`--skip-rule=${skippedRule}`]
    const arguments_ = [redocly, 'lint', `--config=${config}`, ...skipped, ...files]
    await run(process.execPath, arguments_, { env: environment, cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => assert.fail(error.stdout + error.stderr),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}
