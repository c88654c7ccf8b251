import type { AnyCallbackOptions } from './callback-definition.ts'
import type { AnyDefinition } from './definition.ts'
import type { AnyDependencyDefinition } from './dependency-definition.ts'

/** Every key of a definition: the compiler keeps the list complete. */
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

/** Every key of a callback's options. */
export const CALLBACK_KEYS: Readonly<Record<keyof AnyCallbackOptions, true>> = {
  body: true,
  response: true,
  status: true,
  responses: true,
  headers: true,
  query: true,
  summary: true,
  description: true,
  tags: true,
  dependencies: true,
  operationId: true,
  deprecated: true,
  callbacks: true,
  retryDelaysSeconds: true,
  timeoutMs: true,
  retryOnInvalidResponse: true,
  onResponse: true,
}

/** Every key of a dependency's definition. */
export const DEPENDENCY_KEYS: Readonly<Record<keyof AnyDependencyDefinition, true>> = {
  params: true,
  query: true,
  headers: true,
  cookies: true,
  dependencies: true,
  scope: true,
}
