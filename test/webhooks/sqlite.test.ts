import { memoryStore } from '../../src/lib/store/memory-store.ts'
import { sendingCases } from './sending.ts'

for (const cases of [sendingCases]) cases('SQLite', () => memoryStore())
