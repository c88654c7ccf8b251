import { relative } from 'node:path'
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isInterfaceDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
  isTypeAliasDeclaration,
  isTypeNode,
  type Node,
  type SourceFile,
} from 'typescript/unstable/ast'
import { lineOf } from '../breach.ts'
import type { Mutation } from './mutation.ts'
import { replacementsOf } from './replacements.ts'

/** Every change that can be made to a file, in the order of its text; none to types and to the texts of messages. */
export function mutationsOf(directory: string, file: SourceFile): Mutation[] {
  const mutations: Mutation[] = []
  const visit = (node: Node): void => {
    if (isTypeOnly(node)) return
    for (const { node: replaced, text } of replacementsOf(node, file)) {
      const start = replaced.getStart(file)
      const old = file.text.slice(start, replaced.end)
      if (old === text) continue
      const place = { file: relative(directory, file.fileName), line: lineOf(file, start) }
      mutations.push({ ...place, start, reachedAt: node.getStart(file), old, new: text })
    }
    if (!makesMessage(node, file)) node.forEachChild(visit)
  }
  file.forEachChild(visit)
  return mutations
}

function isTypeOnly(node: Node): boolean {
  return (
    isTypeNode(node) ||
    isInterfaceDeclaration(node) ||
    isTypeAliasDeclaration(node) ||
    isImportDeclaration(node) ||
    isExportDeclaration(node)
  )
}

/** `new SomeError(…)`, and a line of the log. */
function makesMessage(node: Node, file: SourceFile): boolean {
  if (isNewExpression(node)) return /Error$/.test(node.expression.getText(file))
  if (!isCallExpression(node) || !isPropertyAccessExpression(node.expression)) return false
  return /\b(log|logger)\.(debug|info|warn|error)$/i.test(node.expression.getText(file))
}
