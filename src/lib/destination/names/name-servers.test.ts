import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nameServers } from './name-servers.ts'

test('nameServers follows the system, until the application sets its own', () => {
  let process = ['10.0.0.1']
  let system = ['10.0.0.1']
  const servers = nameServers({ ofProcess: () => process, ofSystem: () => system })
  assert.deepEqual(servers(), ['10.0.0.1'])
  system = ['10.0.0.2']
  assert.deepEqual(servers(), ['10.0.0.2'])
  process = ['10.0.0.9']
  assert.deepEqual(servers(), ['10.0.0.9'])
  system = ['10.0.0.3']
  assert.deepEqual(servers(), ['10.0.0.9'])
})

test('nameServers keeps to what the application has set before', () => {
  const servers = nameServers({ ofProcess: () => ['10.0.0.9'], ofSystem: () => ['10.0.0.1'] })
  assert.deepEqual(servers(), ['10.0.0.9'])
})
