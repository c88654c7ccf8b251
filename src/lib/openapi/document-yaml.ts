import { stringify } from 'yaml'
import type { OpenApiDocument } from './create-document.ts'

/** The document as YAML without anchors and aliases, in a form that readers of YAML 1.1 and 1.2 understand alike. */
export function documentYaml(document: OpenApiDocument): string {
  return stringify(document, { aliasDuplicateObjects: false, compat: 'yaml-1.1', lineWidth: 0 })
}
