import type { AnyDefinition } from './definition.ts'

/** Every key of a definition. The compiler makes sure that the list is complete. */
export const DEFINITION_KEYS: Readonly<Record<keyof AnyDefinition, true>> = {
  params: true,
  query: true,
  headers: true,
  cookies: true,
  body: true,
  response: true,
  status: true,
  responseHeaders: true,
  responseDescription: true,
  responses: true,
  callbacks: true,
  dependencies: true,
  tags: true,
  summary: true,
  description: true,
  operationId: true,
  deprecated: true,
  documented: true,
  examples: true,
  openapi: true,
  bodyLimitBytes: true,
  bodyLimitValues: true,
}
