import { DefinitionError } from '../definition/definition-error.ts'
import { documentPath } from '../http/path-template.ts'
import type { CompiledOperation } from '../operation/compiled/compiled-operation.ts'
import type { Components } from './components.ts'
import { createOperation } from './create-operation.ts'
import type { PathItemObject } from './objects/operation-object.ts'

/** The documented operations by path and method. Paths are in the order of their first operation. */
export function createPaths(
  operations: readonly CompiledOperation[],
  components: Components,
): Record<string, PathItemObject> {
  const paths: Record<string, PathItemObject> = {}
  const shapes = new Map<string, string>()
  for (const operation of operations.filter(({ documented }) => documented)) {
    const path = documentPath(operation.template)
    checkShape(path, shapes)
    const item = paths[path] ?? {}
    paths[path] = item
    if (item[operation.method] !== undefined)
      throw new DefinitionError(
        `${operation.method.toUpperCase()} ${path} is in the document twice: remove one, or give it "documented: false"`,
      )
    item[operation.method] = createOperation(operation, components)
  }
  return paths
}

/**
 * Paths that differ only in the names of their parameters are the same path in a document (OpenAPI 3.1.1, "Paths
 * Object").
 */
function checkShape(path: string, shapes: Map<string, string>): void {
  const shape = path.replaceAll(/\{[^{}]*\}/g, '{}')
  const known = shapes.get(shape) ?? path
  if (known !== path)
    throw new DefinitionError(
      `The paths "${known}" and "${path}" are the same path in the document: use the same names in both, or give one "documented: false"`,
    )
  shapes.set(shape, path)
}
