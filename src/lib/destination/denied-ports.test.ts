import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fetchBadPorts } from './denied-ports.ts'

test("fetchBadPorts are the ports that this Node's own fetch refuses", async () => {
  // The standard lists port 0, Node does not.
  for (const port of fetchBadPorts.difference(new Set([0]))) {
    const refusal: unknown = await fetch(`http://127.0.0.1:${port}/`).catch((error: Error) => error.cause)
    assert.match(String(refusal), /bad port/, String(port))
  }
  assert.equal(fetchBadPorts.size, 83)
})
