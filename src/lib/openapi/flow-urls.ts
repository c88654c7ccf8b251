import type { OpenApiDocument } from './create-document.ts'

/**
 * Puts `basePath` before the URLs of security schemes that are paths of the application. Clients resolve them against a
 * server's address, and by the rules of URLs `token` beside `/api` is `/token`.
 */
export function placeFlowUrls(document: OpenApiDocument, basePath: string): void {
  if (basePath === '') return
  for (const scheme of Object.values(document.components?.securitySchemes ?? {}))
    for (const holder of [scheme, ...Object.values((scheme['flows'] ?? {}) as object)]) placeUrls(holder, basePath)
}

function placeUrls(holder: Record<string, unknown>, basePath: string): void {
  for (const [name, url] of Object.entries(holder))
    if (name.endsWith('Url') && isPath(url)) holder[name] = `${basePath}/${url.replace(/^\//, '')}`
}

const isPath = (url: unknown): url is string => typeof url === 'string' && !url.startsWith('//') && !URL.canParse(url)
