const dark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', followScheme)
followScheme()

const place = document.getElementById('swagger-ui')
const { openapiUrl, files, options, oauth, panel } = place.dataset

window.ui = window.SwaggerUIBundle({
  url: new URL(openapiUrl, location.href).href,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  oauth2RedirectUrl: new URL(`${files}oauth2-redirect.html`, location.href).href,
  ...JSON.parse(options),
  plugins: [
    window.RingbackAuthorizePlugin,
    ...(panel ? [window.RingbackPanelPlugin({ at: `${files}send`, isOpen: panel === 'open', openapiUrl })] : []),
    window.RingbackCallbacksPlugin,
    window.RingbackResolverPlugin,
    window.RingbackSamplesPlugin,
  ],
})

window.ui.initOAuth({ usePkceWithAuthorizationCodeGrant: true, ...JSON.parse(oauth) })
