import type { DocsOptions } from '../ringback-options.ts'

/** Where the pages are; undefined for one that there is not. */
export interface DocsPaths {
  readonly openapi: string | undefined
  readonly swagger: string | undefined
  readonly console: string | undefined
}

/** The paths of the pages with their defaults. The page of the document needs the document. */
export function docsPaths(docs: DocsOptions | false = {}): DocsPaths {
  if (docs === false) return { openapi: undefined, swagger: undefined, console: undefined }
  const { openapi = '/openapi.json', swagger = '/docs' } = docs
  const below = swagger === false ? '/docs' : swagger.replace(/\/$/, '')
  const { console = `${below}/deliveries` } = docs
  return {
    openapi: openapi || undefined,
    swagger: (openapi && swagger) || undefined,
    console: console || undefined,
  }
}
