import { mkdir, writeFile } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { dirname, join } from 'node:path'
import type { OpenApiDocument } from 'ringback/openapi'

// The generators print with the compiler's own library, which TypeScript 7 no longer has.
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(specifier === 'typescript' ? 'typescript-5.9' : specifier, context),
})

const { default: openapiTypeScript, astToString } = await import('openapi-typescript')
const heyApi = await import('@hey-api/openapi-ts')
const orval = await import('orval')
orval.setLogLevel('error')

/** Writes a client of a document into a folder. */
type Generate = (document: OpenApiDocument, folder: string) => Promise<void>

/** The generators by name, each with its usual settings. */
export const generators: Readonly<Record<string, Generate>> = {
  async openapiTypeScript(document, folder) {
    // By default it takes a property with a default for required, in requests too.
    const nodes = await openapiTypeScript(JSON.stringify(document), { defaultNonNullable: false, silent: true })
    const file = join(folder, 'schema.ts')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, astToString(nodes))
  },
  async heyApi(document, folder) {
    await heyApi.createClient({
      input: structuredClone(document) as never,
      output: { path: folder },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch', 'zod'],
      logs: { level: 'silent', file: false },
    })
  },
  async orval(document, folder) {
    await orval.generate({
      input: { target: structuredClone(document) as never },
      output: { target: join(folder, 'client.ts'), client: 'fetch' },
    })
  },
}
