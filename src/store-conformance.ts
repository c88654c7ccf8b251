export { type StoreConformanceOptions, storeConformance } from './lib/store/store-conformance.ts'
