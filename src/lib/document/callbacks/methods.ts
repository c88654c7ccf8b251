/** The members of a path item that are operations; `query` is of OpenAPI 3.2. */
export const methods: readonly string[] = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query']
