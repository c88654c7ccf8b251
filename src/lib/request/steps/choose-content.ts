import { HttpError } from '../../http/http-error.ts'
import type { CompiledContent } from '../../operation/compiled/compiled-content.ts'
import type { OperationRun } from '../operation-run.ts'

/** Chooses the content of the response by what the client accepts. Throws an `HttpError` 406 where it takes none. */
export function chooseContent(run: OperationRun): undefined | Promise<void> {
  const { choices } = run.operation.responses[0]!
  return choices && choose(run, choices)
}

async function choose(run: OperationRun, choices: readonly CompiledContent[]): Promise<void> {
  // Most applications have nothing to choose.
  const { acceptedType } = await import('../../http/accept.ts')
  const types = choices.map(({ mediaType }) => mediaType)
  const chosen = acceptedType(types, run.view.header('accept'))
  if (chosen === undefined)
    throw new HttpError(406, `The response can be ${types.join(' or ')}, and "accept" takes none of these`, {
      headers: { vary: 'accept' },
    })
  run.chosen = choices[types.indexOf(chosen)]
}
