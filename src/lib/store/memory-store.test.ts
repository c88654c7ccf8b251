import { memoryStore } from './memory-store.ts'
import { storeConformance } from './store-conformance.ts'

storeConformance({ name: 'memoryStore', create: () => memoryStore() })
