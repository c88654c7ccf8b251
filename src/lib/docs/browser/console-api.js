import { learnTime } from './console-words.js'

const { dataset } = document.body
/** The console's own path, behind whatever prefix it is. */
export const base = new URL(dataset.base, location.href).pathname
export const docs = dataset.docs === undefined ? undefined : new URL(dataset.docs, location.href).pathname
export const openapi = dataset.openapi
export const { title, version } = dataset

/** What the server says against a request, in its own words. */
export class Refusal extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `The server responded with ${status}`)
    this.status = status
    this.requestId = problem.request_id
    this.isStale = problem.staleToken === true
  }
}

async function ask(path, init) {
  const response = await fetch(`${base}/api${path}`, init)
  learnTime(response.headers.get('date'))
  if (response.ok) return response.json()
  throw new Refusal(response.status, await response.json().catch(() => ({})))
}

export const read = path => ask(path, { headers: { accept: 'application/json' } })

/** Does something. A page that is older than the server gets its new token first. */
export async function act(path, body = {}) {
  try {
    return await post(path, body)
  } catch (error) {
    if (!error.isStale || !(await renewToken())) throw error
    return post(path, body)
  }
}

const post = (path, body) =>
  ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-ringback-token': dataset.token },
    body: JSON.stringify(body),
  })

async function renewToken() {
  const page = await fetch(base)
  const token = new DOMParser().parseFromString(await page.text(), 'text/html').body.dataset.token
  if (token === undefined) return false
  dataset.token = token
  return true
}

/**
 * Follows what happens: one stream for the page, which ends while nobody looks at it. `told` is called with `overview` or
 * `store` and its data, and with `state` and how the stream is: `live`, `paused`, `lost`.
 */
export function follow(told) {
  let source
  let isOn = true
  let timer
  const open = () => {
    clearTimeout(timer)
    if (source !== undefined || !isOn || document.hidden) return
    source = new EventSource(`${base}/api/events`)
    source.addEventListener('open', () => told('state', 'live'))
    for (const name of ['overview', 'store']) source.addEventListener(name, event => told(name, JSON.parse(event.data)))
    source.addEventListener('error', () => {
      told('state', 'lost')
      if (source?.readyState !== EventSource.CLOSED) return
      close()
      timer = setTimeout(open, 10_000)
    })
  }
  const close = () => {
    source?.close()
    source = undefined
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()))
  addEventListener('pagehide', close)
  addEventListener('pageshow', open)
  open()
  return on => {
    isOn = on
    told('state', on ? 'lost' : 'paused')
    if (on) open()
    else close()
  }
}
