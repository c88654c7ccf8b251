import { memoryStore } from '../../src/lib/store/memory-store.ts'
import { webhookCases } from './webhook-cases.ts'

for (const cases of webhookCases) cases('SQLite', () => memoryStore())
