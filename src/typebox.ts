export { type TypeBoxSchema, typebox } from './lib/schema/libraries/typebox.ts'
