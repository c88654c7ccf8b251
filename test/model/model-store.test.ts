import { storeConformance } from 'ringback/store-conformance'
import { modelStore } from './model-store.ts'

storeConformance({ name: 'the model', create: () => modelStore() })
