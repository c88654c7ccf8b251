import { DefinitionError } from '../definition-error.ts'
import type { AnyCallbackOptions } from './callback-definition.ts'
import type { AnyDefinition } from './definition.ts'

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
  id: true,
  deprecated: true,
  callbacks: true,
  retryDelaysSeconds: true,
  timeoutMs: true,
  retryOnInvalidResponse: true,
  onResponse: true,
}

/** Refuses a misspelt key, which would be lost without a word: the compiler sees it in literals only. */
export function checkKeys(definition: object, known: Readonly<Record<string, true>>, place: string): void {
  if (typeof definition !== 'object' || definition === null)
    throw new DefinitionError(`The definition of ${place} is none: give an object, {} at least`)
  const unknown = Object.keys(definition).find(key => !Object.hasOwn(known, key))
  if (unknown !== undefined)
    throw new DefinitionError(
      `Nothing is called "${unknown}" in ${place}: it may have ${Object.keys(known).join(', ')}`,
    )
}
