/**
 * The panel itself, in an element of the page. What a receiver responds only ever becomes text.
 *
 * `describe` gives what the document says of the message, `at` is where the server sends from.
 */
window.RingbackPanelView = (element, { describe, at, isOpen, openapiUrl }) => {
  const SVG = 'http://www.w3.org/2000/svg'
  const PATHS = {
    ok: ['M2.5 8.5 6.2 12 13.5 4.2'],
    bad: ['M3.5 3.5l9 9', 'M12.5 3.5l-9 9'],
    warn: ['M8 2 14.5 13.5h-13z', 'M8 6.5v3', 'M8 11.6v.1'],
    stop: ['M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 1 0 0-12.5', 'M3.7 3.7l8.6 8.6'],
    unplugged: ['M2 14l3-3', 'M4.5 8.5l3 3L6 13a2.1 2.1 0 0 1-3-3z', 'M11.5 7.5l-3-3L10 3a2.1 2.1 0 0 1 3 3z'],
    down: ['M4 6l4 4 4-4'],
  }
  const CHECK_AFTER_MS = 250
  /** What the server knows of the message. */
  let known

  function h(name, attributes, ...children) {
    const [tag, ...classes] = name.split('.')
    const made = /^(svg|path)$/.test(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
    if (classes.length > 0) made.setAttribute('class', classes.join(' '))
    for (const [key, value] of Object.entries(attributes ?? {})) {
      if (value === undefined || value === false) continue
      if (key.startsWith('on')) made.addEventListener(key.slice(2), value)
      else made.setAttribute(key, value === true ? '' : value)
    }
    const given = children.flat(9).filter(child => child !== undefined && child !== false && child !== '')
    made.append(...given.map(child => (typeof child === 'object' ? child : plain(String(child)))))
    return made
  }

  /** Control characters, and those that turn the direction of text, as escapes. */
  const plain = text =>
    text.replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
      /[\u0000-\u0008\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g,
      character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )

  const icon = name =>
    h(
      'svg.rb-icon',
      { viewBox: '0 0 16 16', 'aria-hidden': 'true' },
      PATHS[name].map(d => h('path', { d })),
    )
  const headers = (list, label) =>
    h(
      'table.rb-headers',
      { 'aria-label': label },
      h(
        'tbody',
        {},
        list.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))),
      ),
    )
  const code = (text, label, ...more) =>
    h(['pre.rb-code', ...more].join('.'), { tabindex: '0', role: 'region', 'aria-label': label }, text)

  const said = h('div.rb-hidden', { role: 'status' })
  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text)
      said.textContent = `${what} copied.`
    } catch {
      said.textContent = 'The browser did not allow copying.'
    }
  }
  const copyButton = (text, what) =>
    h('button.rb-small', { type: 'button', 'aria-label': `Copy ${what}`, onclick: () => copy(text, what) }, 'Copy')

  const unique = `rb-${document.querySelectorAll('[data-rb-panel]').length}-${Date.now().toString(36)}`
  element.dataset.rbPanel = ''
  const inside = h('div', { id: `${unique}-inside`, hidden: true })
  const toggle = h(
    'button.rb-toggle',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': inside.id },
    h('span', {}, 'Send one to a receiver'),
    icon('down'),
  )
  const isShown = () => toggle.getAttribute('aria-expanded') === 'true'
  toggle.addEventListener('click', () => setShown(!isShown()))

  element.setAttribute('aria-labelledby', `${unique}-title`)
  element.append(
    h(
      'div.opblock-section-header',
      {},
      h('h4', { id: `${unique}-title` }, toggle),
      h('p.rb-quiet', {}, 'Sent by this server, through the guard, signed with a test key.'),
    ),
    inside,
    said,
  )
  if (isOpen) setShown(true)

  async function setShown(shown) {
    toggle.setAttribute('aria-expanded', String(shown))
    inside.hidden = !shown
    if (!shown || inside.childElementCount > 0) return
    const message = describe()
    try {
      known = await learn(message)
      inside.replaceChildren(...panel(message))
    } catch (error) {
      inside.replaceChildren(h('p.rb-told.bad', { role: 'alert' }, error.message))
    }
  }

  const problemOf = async response => (await response.json().catch(() => ({}))) ?? {}

  async function learn({ place }) {
    const response = await fetch(`${at}?place=${encodeURIComponent(JSON.stringify(place))}`)
    if (response.ok) return response.json()
    const { detail } = await problemOf(response)
    throw new Error(detail ?? `The server responded with ${response.status}: reload the page, or log in again`)
  }

  /** Asks the server for something. After its restart the page has an old token, and gets the new one. */
  async function post(path, body, message, isAgain = false) {
    const response = await fetch(at + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-ringback-token': known.token },
      body: JSON.stringify({ place: message.place, ...body }),
    })
    if (response.ok) return response.json()
    const problem = await problemOf(response)
    if (problem.staleToken && !isAgain) {
      known = { ...known, ...(await learn(message)) }
      return post(path, body, message, true)
    }
    throw new Error(problem.detail ?? `The server responded with ${response.status}`)
  }

  function panel(message) {
    const listen = `npx ringback listen ${new URL(openapiUrl, location.href)}`
    const out = h('div.rb-out', { role: 'region', 'aria-label': 'What came back', 'aria-live': 'polite' })
    const showNone = () =>
      out.replaceChildren(
        h(
          'div.rb-none',
          {},
          h(
            'p.rb-quiet',
            {},
            'The response is shown here. No receiver yet? This one checks what it gets and shows it:',
          ),
          h('code', {}, listen),
          copyButton(listen, 'the command'),
        ),
      )
    showNone()
    const form = formOf(message, out, { listen, showNone })
    return [h('div.rb-body', {}, form, out), verification(message)]
  }

  function formOf(message, out, outside) {
    const values = known.fields.map(({ name, label }, index) => ({
      name,
      label,
      input: textInput(`${unique}-value-${index}`, initial(message, name, index)),
    }))
    const query = parametersOf(message, 'query')
    const sentHeaders = parametersOf(message, 'header')
    const body = known.contentType === undefined ? undefined : bodyField(message)
    const goes = h('p.rb-goes', { 'aria-live': 'polite' })
    const manner = mannerSelect()
    let lastId
    const typed = () => ({
      values: Object.fromEntries(values.map(({ name, input }) => [name, input.value])),
      query: textsOf(query),
      headers: textsOf(sentHeaders),
      body: body?.text.value,
    })
    const check = later(async () => {
      const result = await post('/check', typed(), message).catch(error => ({ fault: error.message }))
      showUrl(goes, result, values)
      if (body !== undefined) showFits(body, result.faults, message)
    })
    const form = h(
      'form',
      { 'aria-label': 'What is sent', oninput: check },
      h(
        'fieldset.rb-field',
        {},
        h('legend.rb-label', {}, 'URL'),
        rows([...values.map(({ label, input }) => [label, input]), ...query.map(({ name, input }) => [name, input])]),
        goes,
      ),
      body?.field,
      headersOf(sentHeaders),
      h('div.rb-field', {}, h('label.rb-label', { for: manner.id }, 'Send it'), manner),
      h(
        'div.rb-row',
        {},
        h('button.rb-send', { type: 'submit' }, 'Send'),
        body && h('p.rb-quiet.rb-keys', {}, 'Ctrl+Enter in the body sends, too.'),
      ),
    )
    body?.text.addEventListener(
      'keydown',
      event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && form.requestSubmit(),
    )
    body?.reset.addEventListener('click', () => {
      body.text.value = body.example
      check()
    })
    let number = 0
    form.addEventListener('submit', async event => {
      event.preventDefault()
      const own = ++number
      const [how, sent] = [manner.value, typed()]
      out.replaceChildren(
        ...sending(() => {
          number++
          outside.showNone()
        }),
      )
      const result = await post('', { ...sent, manner: how, webhookId: lastId }, message).catch(error => ({
        outcome: 'failed',
        error: error.message,
      }))
      if (own !== number) return
      if (result.outcome === 'responded' && how === 'right') lastId = result.headers['webhook-id']
      out.replaceChildren(...resultOf(result, { how, body: sent.body, listen: outside.listen }))
    })
    check()
    return form
  }

  const textInput = (id, value) => h('input', { id, type: 'text', value, autocomplete: 'off', spellcheck: 'false' })

  const initial = ({ template, values }, name, index) =>
    index === 0 && template.startsWith('{') ? 'http://localhost:9000/events' : (values[name] ?? '')

  const parametersOf = ({ parameters }, place) =>
    parameters
      .filter(one => one.in === place)
      .map(({ name, value, isRequired }, index) => ({
        name,
        input: textInput(`${unique}-${place}-${index}`, isRequired ? value : ''),
      }))

  const textsOf = list =>
    Object.fromEntries(list.flatMap(({ name, input }) => (input.value === '' ? [] : [[name, input.value]])))

  const rows = list =>
    h(
      'div.rb-values',
      {},
      list.map(([label, input]) => [h('label', { for: input.id }, label), input]),
    )

  function mannerSelect() {
    const ways = {
      right: 'as it should be',
      'wrong-signature': 'with a wrong signature',
      'old-timestamp': 'with a timestamp of ten minutes ago',
      repeated: 'once more, under the same webhook-id',
    }
    return h(
      'select',
      { id: `${unique}-how` },
      Object.entries(ways).map(([value, label]) => h('option', { value }, label)),
    )
  }

  function headersOf(list) {
    const own = [
      ...(known.contentType === undefined ? [] : [['content-type', known.contentType]]),
      ['webhook-id', 'a new one each time'],
      ['webhook-timestamp', 'now'],
      ['webhook-signature', 'v1 and v1a, by the test keys'],
    ]
    const place = h('div.rb-values')
    const put = ({ name, input }) => place.append(h('label', { for: input.id }, name), input)
    for (const one of list) put(one)
    const name = h('input', {
      type: 'text',
      'aria-label': 'Name of another header',
      placeholder: 'name',
      autocomplete: 'off',
    })
    const add = () => {
      if (name.value.trim() === '' || list.some(one => one.name === name.value.trim())) return
      const one = { name: name.value.trim(), input: textInput(`${unique}-added-${list.length}`, '') }
      list.push(one)
      put(one)
      name.value = ''
      one.input.focus()
    }
    return h(
      'details',
      { open: list.length > 0 },
      h('summary', {}, 'Headers'),
      headers(own, 'Headers that it has anyway'),
      place,
      h('div.rb-row', {}, name, h('button.rb-small', { type: 'button', onclick: add }, 'Add a header')),
    )
  }

  function bodyField({ body, mediaType }) {
    const isJson = /[/+]json/.test(mediaType ?? '')
    const example =
      body === undefined ? '' : isJson || typeof body !== 'string' ? JSON.stringify(body, undefined, 2) : body
    const fits = h('p.rb-hint', { id: `${unique}-fits`, 'aria-live': 'polite' })
    const text = h('textarea', { id: `${unique}-text`, rows: '6', spellcheck: 'false', 'aria-describedby': fits.id })
    text.value = example
    const reset = h('button.rb-link', { type: 'button' }, 'Back to the example')
    const label = h('div.rb-label', {}, h('label', { for: text.id }, 'Body'), h('i', {}, reset))
    return { text, fits, example, reset, field: h('div.rb-field', {}, label, text, fits) }
  }

  function showUrl(goes, { url, fault, field }, values) {
    for (const { name, input } of values) input.setAttribute('aria-invalid', String(name === field))
    const label = values.find(({ name }) => name === field)?.label
    goes.replaceChildren(
      ...(fault === undefined
        ? [h('b', {}, known.method), ` ${url}`]
        : [h('span.bad', {}, icon('bad'), ` ${label === undefined ? '' : `${label}: `}${fault}`)]),
    )
  }

  function showFits({ text, fits }, faults, { schemaName }) {
    if (faults === undefined) return
    const [first] = faults
    text.setAttribute('aria-invalid', String(first !== undefined))
    fits.className = `rb-hint ${first ? 'bad' : 'ok'}`
    const words = first
      ? `Not as declared: ${faultText(first)}. It can be sent all the same.`
      : `As declared${schemaName ? ` by ${schemaName}` : ''}`
    fits.replaceChildren(icon(first ? 'bad' : 'ok'), h('span', {}, words))
  }

  const faultText = ({ pointer, detail }) => `${pointer === '' ? 'it' : pointer} ${detail}`

  /** Calls `fn` once nothing more has been typed for a moment. */
  function later(fn) {
    let timer
    return () => {
      clearTimeout(timer)
      timer = setTimeout(fn, CHECK_AFTER_MS)
    }
  }

  const took = ms => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`)

  const verdict = ({ tone, status, time, words, iconName = tone }) =>
    h(
      'div.rb-verdict',
      {},
      h('span.rb-status', {}, status),
      time !== undefined && h('span.rb-quiet', {}, took(time)),
      words && h(`span.rb-pill.${tone}`, {}, icon(iconName), words),
    )

  const sending = stop => [
    verdict({ tone: 'ok', status: 'Sending …' }),
    h('div.rb-wait'),
    h('div', {}, h('button.rb-small', { type: 'button', onclick: stop }, 'Stop waiting')),
  ]

  const told = (tone, ...words) => h(`p.rb-told.${tone}`, {}, words)

  function resultOf(result, { how, body, listen }) {
    const { outcome, error, headers: given } = result
    const sent = given && [
      h(
        'details',
        {},
        h('summary', {}, 'The request as it was sent'),
        headers(Object.entries(given), 'Headers as they were sent'),
        body !== undefined && code(body, 'Body as it was sent'),
      ),
    ]
    if (outcome === 'responded') return [...respondedWith(result, how), ...sent]
    if (outcome === 'refused')
      return [
        verdict({ tone: 'stop', status: 'Not sent', words: 'the address is refused' }),
        told(
          'stop',
          `${error}. It sends to public addresses, and under ringback dev to this machine. The option `,
          h('code', {}, 'delivery.destinations.allow'),
          ' allows more.',
        ),
        ...sent,
      ]
    const status = { 'timed-out': 'No response', unreachable: 'No connection', busy: 'Not sent' }[outcome] ?? 'Not sent'
    const help =
      outcome === 'unreachable' && h('div.rb-row', {}, h('code', {}, listen), copyButton(listen, 'the command'))
    return [
      verdict({
        tone: 'bad',
        status,
        words: outcome === 'failed' ? undefined : outcome.replace('-', ' '),
        iconName: 'unplugged',
      }),
      told(
        'bad',
        `${error}.${outcome === 'unreachable' ? ' A delivery would be tried again. A receiver to start with:' : ''}`,
      ),
      help,
      ...(sent ?? []),
    ].filter(Boolean)
  }

  const FAULTS = {
    'wrong-signature': ['accepted a wrong signature', 'The signature was wrong on purpose'],
    'old-timestamp': ['accepted an old timestamp', 'The timestamp was ten minutes old on purpose'],
  }

  function respondedWith({ response, tookMs, faults }, how) {
    const { status, headers: list, body, bodyTruncated } = response
    const isTaken = status >= 200 && status < 300
    const parts = { status: String(status), time: tookMs }
    const shown = [
      h(
        'div',
        {},
        h('h5', {}, `Response${bodyTruncated ? ', cut' : ''}`),
        headers(Object.entries(list), 'Headers of the response'),
      ),
      body.bytes > 0 && code(body.text ?? body.hex, 'Body of the response'),
    ].filter(Boolean)
    if (how in FAULTS) {
      const [words, what] = FAULTS[how]
      if (isTaken)
        return [
          verdict({ ...parts, tone: 'bad', words }),
          told(
            'bad',
            `${what}, and the receiver took it all the same: whoever knows its URL can send to it. The code below verifies it.`,
          ),
          ...shown,
        ]
      if (status >= 400 && status < 500)
        return [
          verdict({ ...parts, tone: 'ok', words: 'refused, as it should be' }),
          told('ok', `${what}, and the receiver did not take it.`),
          ...shown,
        ]
      return [
        verdict({ ...parts, tone: 'warn', words: 'neither taken nor refused' }),
        told('warn', `${what}. A receiver says so with a status from 400 to 499.`),
        ...shown,
      ]
    }
    if (faults === undefined) return [verdict({ ...parts, tone: 'warn', words: 'could not be checked' }), ...shown]
    if (faults.length === 0)
      return [verdict({ ...parts, tone: 'ok', words: 'as declared' }), ...repeatedWords(how), ...shown]
    return [
      verdict({ ...parts, tone: 'warn', words: 'not as declared' }),
      h(
        'ul.rb-told.warn',
        {},
        faults.map(({ pointer, detail }) =>
          h('li', {}, pointer === '' ? 'It ' : [h('code', {}, pointer), ' '], detail),
        ),
        isTaken && h('li', {}, 'A delivery would count as delivered all the same, and be marked.'),
      ),
      ...shown,
    ]
  }

  const repeatedWords = how =>
    how === 'repeated'
      ? [
          told(
            'ok',
            'It had this webhook-id before: it should have responded as the first time, and done nothing more.',
          ),
        ]
      : []

  function verification({ body, response, template }) {
    const sample = response === undefined ? undefined : JSON.stringify(response)
    const path = `/events${template
      .replace(/^\{[^}]*\}/, '')
      .replaceAll(/\{[^}]*?([A-Za-z_]\w*)\}/g, '{$1}')
      .replace(/\?.*$/, '')}`
    const codes = window.RingbackVerificationCode({
      path: /^https?:/.test(template) ? '/' : path,
      hasBody: body !== undefined,
      response: sample,
    })
    const names = Object.keys(codes)
    const shown = h('div', { role: 'tabpanel', id: `${unique}-tabpanel`, tabindex: '-1' })
    const tabs = names.map((name, index) =>
      h(
        'button',
        {
          type: 'button',
          role: 'tab',
          id: `${unique}-tab-${index}`,
          'aria-controls': shown.id,
          onclick: () => select(index),
          onkeydown: event => {
            const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
            if (step === undefined) return
            const next = (index + step + names.length) % names.length
            select(next)
            tabs[next].focus()
          },
        },
        name,
      ),
    )
    function select(index) {
      for (const [other, tab] of tabs.entries()) {
        tab.setAttribute('aria-selected', String(other === index))
        tab.tabIndex = other === index ? 0 : -1
      }
      const name = names[index]
      shown.setAttribute('aria-labelledby', tabs[index].id)
      shown.replaceChildren(copyButton(codes[name], `the ${name} code`), code(codes[name], `${name} code`, 'rb-long'))
    }
    select(0)
    return h(
      'div.rb-verify',
      {},
      h(
        'div.rb-row',
        {},
        h('h4', {}, 'How a receiver verifies it'),
        h('p.rb-quiet', {}, 'Test secret ', h('code', {}, known.secret)),
        copyButton(known.secret, 'the test secret'),
      ),
      h('div', { role: 'tablist', 'aria-label': 'Language' }, tabs),
      shown,
      h(
        'p.rb-quiet',
        {},
        'Start it with the test secret as WEBHOOK_SECRET. It comes at least once: handle each webhook-id once. In production the secret is another one, which the maker of this API gives you; with v1a the public keys at /.well-known/jwks.json are enough. The public test key is ',
        h('code', {}, known.publicKey),
        '.',
      ),
    )
  }
}
