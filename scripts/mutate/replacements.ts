import {
  isArrowFunction,
  isBinaryExpression,
  isBlock,
  isBreakStatement,
  isConditionalExpression,
  isContinueStatement,
  isExpressionStatement,
  isIfStatement,
  isNumericLiteral,
  isPrefixUnaryExpression,
  isReturnStatement,
  isSpreadAssignment,
  isSpreadElement,
  isThrowStatement,
  isVariableDeclaration,
  isWhileStatement,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast'

/** What stands in place of a node's text. */
export interface Replacement {
  readonly node: Node
  readonly text: string
}

const swappedOperators: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&': '|',
  '|': '&',
  '<<': '>>',
  '>>': '<<',
  '>>>': '<<',
  '&&': '||',
  '||': '&&',
}

/** Every change to this node itself; its children are asked on their own. */
export function replacementsOf(node: Node, file: SourceFile): Replacement[] {
  return [
    ...changedOperators(node, file),
    ...changedConditions(node, file),
    ...changedLiterals(node, file),
    ...deletions(node, file),
    ...emptiedReturns(node),
  ]
}

function changedOperators(node: Node, file: SourceFile): Replacement[] {
  if (isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken)
    return [{ node, text: node.operand.getText(file) }]
  if (!isBinaryExpression(node)) return []
  const { left, operatorToken, right } = node
  const operator = operatorToken.getText(file)
  const swapped = swappedOperators[operator]
  const isText = operator === '+' && [left, right].some(side => /^['"`]/.test(side.getText(file)))
  const replacements = swapped === undefined || isText ? [] : [{ node: operatorToken, text: swapped }]
  if (!['&&', '||', '??'].includes(operator)) return replacements
  return [...replacements, { node, text: left.getText(file) }, { node, text: right.getText(file) }]
}

function changedConditions(node: Node, file: SourceFile): Replacement[] {
  if (isWhileStatement(node)) return [{ node: node.expression, text: 'false' }]
  const condition = isIfStatement(node) ? node.expression : isConditionalExpression(node) ? node.condition : undefined
  if (condition === undefined) return []
  return ['true', 'false', `!(${condition.getText(file)})`].map(text => ({ node: condition, text }))
}

function changedLiterals(node: Node, file: SourceFile): Replacement[] {
  if (node.kind === SyntaxKind.TrueKeyword) return isOfTable(node, file) ? [] : [{ node, text: 'false' }]
  if (node.kind === SyntaxKind.FalseKeyword) return [{ node, text: 'true' }]
  if (!isNumericLiteral(node)) return []
  const value = Number(node.getText(file).replaceAll('_', ''))
  return [value + 1, value - 1].map(one => ({ node, text: one < 0 ? `(${one})` : `${one}` }))
}

/** A table of names says `true` of each, by its type: nobody asks for the value. */
function isOfTable(node: Node, file: SourceFile): boolean {
  const declaration = node.parent?.parent?.parent
  return (
    declaration !== undefined &&
    isVariableDeclaration(declaration) &&
    /\btrue>+$/.test(declaration.type?.getText(file) ?? '')
  )
}

/** Statements and spread members that can go; the comma after a member goes too. */
function deletions(node: Node, file: SourceFile): Replacement[] {
  const isStatement =
    (isExpressionStatement(node) && !node.getText(file).startsWith('super(')) ||
    isThrowStatement(node) ||
    isBreakStatement(node) ||
    isContinueStatement(node)
  if (isStatement) return [{ node, text: node.parent !== undefined && isBlock(node.parent) ? '' : '{}' }]
  if (isSpreadAssignment(node)) return [{ node, text: '...{}' }]
  return isSpreadElement(node) ? [{ node, text: '...[]' }] : []
}

function emptiedReturns(node: Node): Replacement[] {
  const returned = isReturnStatement(node) || (isArrowFunction(node) && !isBlock(node.body)) ? node : undefined
  const value = returned === undefined ? undefined : isReturnStatement(returned) ? returned.expression : returned.body
  return value === undefined ? [] : [{ node: value, text: 'undefined' }]
}
