import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverName } from './server-name.ts'

test('the name of a server has neither user nor password', () => {
  const named = serverName('postgres://app:secret@db.example:5433/orders?sslmode=require&password=secret', 'ringback')
  assert.equal(named, 'PostgreSQL at db.example:5433/orders, schema ringback')
  assert.equal(serverName('postgres:///orders?host=/run', 's'), 'PostgreSQL at localhost/orders, schema s')
  assert.equal(serverName('host=db password=secret', 's'), 'PostgreSQL, schema s')
  assert.equal(serverName(undefined, 's'), 'PostgreSQL, schema s')
})
