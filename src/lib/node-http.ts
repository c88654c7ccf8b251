/**
 * Node's `http`. An `import` of it makes its `WebSocket` too, and with that all of Node's own `fetch`: 113 modules and
 * some 50 ms of every start, which nothing here needs.
 */
export const { STATUS_CODES, ServerResponse, createServer, request, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')
