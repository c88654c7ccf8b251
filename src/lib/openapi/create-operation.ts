import type { CompiledDependency } from '../operation/compiled/compiled-dependency.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import { capital } from '../operation/compiled/identifier.ts'
import type { Components } from './components.ts'
import { createCallbacks } from './create-callbacks.ts'
import { createParameters, pathParameters } from './create-parameters.ts'
import { createRequestBody } from './create-request-body.ts'
import { createResponse } from './create-response.ts'
import { definedMembers } from './defined-members.ts'
import { addFileResponses, hasSuccess, IMPLIED_SUCCESS, withLocation } from './implied-responses.ts'
import { mergeDeep } from './merge-deep.ts'
import type { OperationObject } from './objects/operation-object.ts'
import type { ParameterObject } from './objects/parameter-object.ts'
import type { ReferenceObject } from './objects/reference-object.ts'
import type { RequestBodyObject } from './objects/request-body-object.ts'
import type { ResponseObject } from './objects/response-object.ts'
import type { SchemaObject } from './objects/schema-object.ts'
import type { SecurityRequirementObject } from './objects/security-requirement-object.ts'
import { OPERATION_SIDES, type Place } from './place.ts'
import type { ProblemName } from './problem-responses.ts'
import { requireTexts } from './require-texts.ts'

/** Describes one operation with its callbacks, and merges the `openapi` of its definition into the result. */
export function createOperation(operation: CompiledOperation, components: Components): OperationObject {
  const { definition, method, template, operationId, summary, tags, deprecated } = operation
  const place = { words: `${method.toUpperCase()} ${template.text}`, name: capital(operationId) }
  components.claimOperationId(operationId, place)
  const security = components.security.require(requirementsOf(operation.allDependencies), place)
  const parameters = operationParameters(operation, components, place)
  const requestBody = operationBody(operation, components, place)
  requireTexts(operation.callbacks, parameters, schemasOf(requestBody), components.schemas)
  const object = definedMembers({
    tags: filled([...tags]),
    summary,
    description: definition.description,
    operationId,
    parameters: filled(parameters),
    requestBody,
    responses: operationResponses(operation, security, components, place),
    callbacks: createCallbacks(operation.callbacks, OPERATION_SIDES, components, place),
    deprecated: deprecated ? true : undefined,
    security,
  })
  return definition.openapi === undefined ? object : mergeDeep(object, structuredClone(definition.openapi))
}

const filled = <T>(list: T[]): T[] | undefined => (list.length === 0 ? undefined : list)

const requirementsOf = (dependencies: readonly CompiledDependency[]) => dependencies.flatMap(({ security }) => security)

/** Leaves out what security schemes read, because the schemes describe it. */
const groupsOf = ({ parameters, allDependencies }: CompiledOperation) => [
  ...parameters,
  ...allDependencies.filter(({ security }) => security.length === 0).flatMap(({ parameters }) => parameters),
]

function operationParameters(operation: CompiledOperation, components: Components, place: Place): ParameterObject[] {
  const declared = createParameters(groupsOf(operation), OPERATION_SIDES.request, components, place)
  return [
    ...pathParameters(operation.template.names, declared),
    ...declared.filter(parameter => parameter.in !== 'path'),
  ]
}

function operationBody(
  { body, definition }: CompiledOperation,
  components: Components,
  place: Place,
): RequestBodyObject | undefined {
  if (body === undefined) return undefined
  const at = { words: `"body" of ${place.words}`, name: `${place.name}Body` }
  return createRequestBody(body, components, at, definition.examples)
}

const schemasOf = (body: RequestBodyObject | undefined): SchemaObject[] =>
  Object.values(body?.content ?? {})
    .map(({ schema }) => schema)
    .filter(schema => schema !== undefined)

/**
 * The declared responses, the main one first, then the responses of Ringback itself for statuses that are not declared.
 */
function operationResponses(
  operation: CompiledOperation,
  security: SecurityRequirementObject[] | undefined,
  components: Components,
  place: Place,
): Record<string, ResponseObject | ReferenceObject> {
  const own = ownResponses(operation, security)
  const responses: Record<string, ResponseObject | ReferenceObject> = {}
  for (const response of operation.responses) {
    if (response.isImplied && hasSuccess(operation.definition)) continue
    const status = response.isImplied ? '2XX' : String(response.status)
    const said = { ...response, status, ...(response.isImplied && { description: IMPLIED_SUCCESS }) }
    const made = withLocation(createResponse(said, OPERATION_SIDES.response, components, place), response.status)
    const name = response.impliesProblem ? own[status] : undefined
    responses[status] = name === undefined ? made : described(made, response.description, components.ownResponse(name))
  }
  if (operation.responses[0]?.isFile === true) addFileResponses(responses)
  for (const [status, name] of Object.entries(own)) responses[status] ??= components.problem(name)
  return responses
}

/** One of our own responses with the user's description; everything else of it stays. */
const described = (
  made: ResponseObject,
  description: string | undefined,
  own: ReturnType<Components['ownResponse']>,
): ResponseObject => ({ ...made, description: description ?? own.description, content: own.content })

/** The responses of Ringback itself, by status. */
function ownResponses(
  operation: CompiledOperation,
  security: SecurityRequirementObject[] | undefined,
): Record<string, ProblemName> {
  const { body, callbacks, definition } = operation
  // Those of the application are at hand everywhere, and most operations send none of them.
  const sends = callbacks.length > 0 || Object.keys(definition.webhooks ?? {}).length > 0
  const scoped = security?.some(requirement => Object.values(requirement).some(scopes => scopes.length > 0))
  const responses: readonly (readonly [status: string, isGiven: boolean, name: ProblemName])[] = [
    ['401', security !== undefined, 'Unauthorized'],
    ['403', scoped === true, 'Forbidden'],
    ['406', operation.responses[0]?.choices !== undefined, 'NotAcceptable'],
    ['409', sends, 'CallbackConflict'],
    ['422', body !== undefined || groupsOf(operation).length > 0, 'ValidationProblem'],
    ['502', callbacks.some(({ late }) => !late), 'CallbackFailed'],
    ['503', sends, 'CallbackNotStored'],
    ['default', true, 'Problem'],
  ]
  return Object.fromEntries(responses.flatMap(([status, isGiven, name]) => (isGiven ? [[status, name]] : [])))
}
