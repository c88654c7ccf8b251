import { dependency, HttpError, Ringback } from 'ringback'
import {
  apiKey,
  clientCredentials,
  httpBasic,
  httpBearer,
  oauth2,
  optional,
  passwordForm,
  required,
  scopes,
  sessionCookie,
} from 'ringback/security'
import { z } from 'zod'

/** What each operation responds: whom it was called by. */
const Who = z.object({ who: z.string() })

/** An application with an operation for each kind of security scheme; codes come from the authorization server at `idp`. */
export function authorizedApp(idp: string): Ringback {
  const app = new Ringback({
    title: 'Authorize',
    version: '1.0.0',
    docs: { oauth: { clientId: 'docs-page', scopes: ['read'], appName: 'The page' } },
  })
  const flows = { password: { tokenUrl: 'token', scopes: { read: 'Read', write: 'Write' } } }
  const login = oauth2({ flows, schemeName: 'login' })
  const code = oauth2({
    flows: {
      authorizationCode: {
        authorizationUrl: `${idp}/authorize`,
        tokenUrl: `${idp}/token`,
        scopes: { read: 'Read', write: 'Write' },
      },
    },
    schemeName: 'code',
  })
  const user = dependency({ dependencies: { login } }, ({ login }) => ({
    name: login,
    scopes: login.split(',')[1] ?? '',
  }))
  const response = Who
  const bearer = httpBearer()
  const basic = httpBasic()
  const key = apiKey({ in: 'header', name: 'x-key' })
  const session = sessionCookie(z.string(), { secret: 'correct horse battery staple' })
  app.get('/bearer', { dependencies: { bearer }, response }, ({ bearer }) => ({ who: `bearer ${bearer}` }))
  app.get('/basic', { dependencies: { basic }, response }, ({ basic: { username, password } }) => ({
    who: `basic ${username} ${password}`,
  }))
  app.get('/key', { dependencies: { key }, response }, ({ key }) => ({ who: `key ${key}` }))
  app.get('/password', { dependencies: { user: scopes(user, ['write']) }, response }, ({ user }) => ({
    who: `password ${user.name}`,
  }))
  app.get('/code', { dependencies: { code }, response }, ({ code }) => ({ who: `code ${code}` }))
  app.post('/session', { dependencies: { session } }, ({ session }) => session.set('richie'))
  app.get('/session', { dependencies: { me: required(session) }, response }, ({ me }) => ({ who: `session ${me}` }))

  const Token = z.object({ access_token: z.string(), token_type: z.string() })
  const dependencies = { client: optional(clientCredentials()) }
  app.post('/token', { body: passwordForm(), dependencies, response: Token }, ({ body, client }) => {
    if (body.password !== 'secret')
      throw new HttpError(400, 'Incorrect username or password', { error: 'invalid_grant' })
    const { client_id } = client ?? body
    return { access_token: `${body.username}@${client_id},${body.scopes.join(' ')}`, token_type: 'bearer' }
  })
  return app
}
