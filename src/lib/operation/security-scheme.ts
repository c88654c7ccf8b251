/** A security scheme object of the document (OpenAPI 3.1.1, "Security Scheme Object"). */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'oauth2' | 'openIdConnect'
  readonly [member: string]: unknown
}

/** The scheme that a dependency is, under its name in the document. */
export interface SecurityRequirement {
  readonly name: string
  readonly scheme: SecurityScheme
  readonly scopes: readonly string[]
}
