export { type StoreConformanceOptions, storeConformance } from './lib/store/conformance/store-conformance.ts'
