import { dependency } from '../../operation/dependency-definition.ts'
import { endpointRoutes } from './endpoint-routes.ts'

// This file only has to compile: nothing in it runs.

const text = dependency({}, () => 'a')
const number = dependency({}, () => 7)
const maybe = dependency({}, (): string | undefined => undefined)

endpointRoutes({ owner: text, fields: ['headers'], events: ['*'], writeDependencies: { number } })
// @ts-expect-error an owner is a text
endpointRoutes({ owner: number })
// @ts-expect-error nobody must become the owner of everything
endpointRoutes({ owner: maybe })
// @ts-expect-error a field that nobody may set
endpointRoutes({ owner: text, fields: ['owner'] })
