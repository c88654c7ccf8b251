import type { Answer } from '../http/request-view.ts'

/** One file of the docs page. */
export interface DocsPage {
  readonly path: string
  answer(request: { header(name: string): string | undefined }): Promise<Answer>
}

/** The page and its files. */
export function createDocsPages(_options: {
  readonly title: string
  readonly path: string
  readonly openapiUrl: string
  readonly swaggerOptions?: Readonly<Record<string, unknown>>
}): readonly DocsPage[] {
  return []
}
