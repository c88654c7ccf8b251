export type { SecuritySchemeOptions } from './lib/operation/security-scheme.ts'
export type { ApiKeyOptions } from './lib/security/api-key.ts'
export { apiKey } from './lib/security/api-key.ts'
export type { ClientCredentials } from './lib/security/client-credentials.ts'
export { clientCredentials } from './lib/security/client-credentials.ts'
export type { BasicCredentials, HttpBasicOptions } from './lib/security/http-basic.ts'
export { httpBasic } from './lib/security/http-basic.ts'
export type { HttpBearerOptions } from './lib/security/http-bearer.ts'
export { httpBearer } from './lib/security/http-bearer.ts'
export type { OAuth2Flows, OAuth2Options } from './lib/security/oauth2.ts'
export { oauth2 } from './lib/security/oauth2.ts'
export { openIdConnect } from './lib/security/open-id-connect.ts'
export { optional } from './lib/security/optional.ts'
export type {
  PasswordFormFields,
  PasswordFormOptions,
  PasswordFormSchema,
  PasswordRequest,
} from './lib/security/password-form.ts'
export { passwordForm } from './lib/security/password-form.ts'
export { required } from './lib/security/required.ts'
export type { Scoped } from './lib/security/scopes.ts'
export { scopes } from './lib/security/scopes.ts'
export type { SessionOptions } from './lib/security/session/session-options.ts'
export type { Session } from './lib/security/session-cookie.ts'
export { sessionCookie } from './lib/security/session-cookie.ts'
