export { type TypeBoxSchema, typebox } from './lib/schema/typebox.ts'
