import { checkNames } from '../definition/check-names.ts'
import type { AnyDefinition, Example } from './definition.ts'

/** Every key of a definition. The compiler makes sure that the list is complete. */
const DEFINITION_KEYS: Readonly<Record<keyof AnyDefinition, true>> = {
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
  webhooks: true,
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

const EXAMPLE_KEYS: Readonly<Record<keyof Example<unknown>, true>> = { summary: true, description: true, value: true }

/** Refuses misspelt keys of a definition and of its examples. */
export function checkDefinitionKeys(definition: AnyDefinition, place: string): void {
  checkNames(definition, DEFINITION_KEYS, place)
  for (const [name, example] of Object.entries(definition.examples ?? {}))
    checkNames(example, EXAMPLE_KEYS, `the example "${name}" of ${place}`)
}
