import { describe, test } from 'node:test'
import { deliveryCases } from '../../src/lib/store/conformance/delivery-cases.ts'
import { modelStore } from './model-store.ts'

describe('the model', () => {
  for (const { name, run } of deliveryCases) test(name, () => run(modelStore()))
})
