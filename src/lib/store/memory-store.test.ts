import { storeConformance } from './conformance/store-conformance.ts'
import { memoryStore } from './memory-store.ts'

storeConformance({ name: 'memoryStore', create: () => memoryStore() })
