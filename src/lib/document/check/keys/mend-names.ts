import { locateExpressions } from '../../../expression/parse.ts'
import { expressionText } from '../../../expression/serialize.ts'
import { judgeExpression } from './judge-expression.ts'
import type { KeyFault, Mended } from './key-fault.ts'
import type { KeyScope } from './key-scope.ts'

/** Compares what the expressions of a URL template name with what their operation has, and mends what is certain. */
export function mendNames(template: string, scope: KeyScope): Mended {
  const faults: KeyFault[] = []
  let text = template
  const located = locateExpressions(template, { standard: true, names: scope.names })
  // From the end, so that the places before stay what they are.
  for (const { expression, text: written, index } of located.toReversed()) {
    const isBare = index === 0
    const isBase = index <= 1
    const misnamed = judgeExpression(expression, isBase, scope)
    if (misnamed === undefined) continue
    faults.unshift(misnamed.fault)
    if (misnamed.meant === undefined) continue
    const { expression: meant, following = '' } = misnamed.meant
    const [start, end] = isBare ? [0, template.length] : [index - 1, index + written.length + 1]
    const mended = isBare && following === '' ? expressionText(meant) : `{${expressionText(meant)}}${following}`
    text = text.slice(0, start) + mended + text.slice(end)
  }
  return { text, faults }
}
