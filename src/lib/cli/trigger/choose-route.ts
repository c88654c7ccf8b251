import { CommandError } from '../command-error.ts'
import type { MessageRoute } from '../listen/message-route.ts'

/** How a callback or webhook is named so that only it is meant. */
function fullName({ outgoing }: MessageRoute): string {
  return outgoing.operation === '' ? outgoing.name : `${outgoing.operation} ${outgoing.name}`
}

/** The callback or webhook that a name means: its own, its operationId, or that of its operation before it. */
export function chooseRoute(routes: readonly MessageRoute[], name: string): MessageRoute {
  const found = routes.filter(route => namesOf(route).includes(name))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const choices = (found.length > 0 ? found : routes).map(fullName)
  const list = [...new Set(choices)].map(choice => `"${choice}"`).join(', ')
  if (found.length === 0)
    throw new CommandError(
      routes.length === 0
        ? 'The document has no callback or webhook'
        : `The document has no callback or webhook "${name}"; it has ${list}`,
    )
  throw new CommandError(`There are several callbacks "${name}": give one of ${list}, or an operationId`)
}

function namesOf(route: MessageRoute): string[] {
  const { name, method } = route.outgoing
  const full = fullName(route)
  return [name, full, `${full} ${method.toUpperCase()}`, `${name} ${method.toUpperCase()}`, ...operationIdOf(route)]
}

function operationIdOf({ outgoing }: MessageRoute): string[] {
  const id = outgoing.node.members.get('operationId')?.value
  return id?.kind === 'scalar' && typeof id.value === 'string' ? [id.value] : []
}
