/**
 * A Swagger UI plugin: below the responses of every callback, nested callback and webhook, a panel that sends one to a
 * receiver. Call it with `{ at, isOpen, openapiUrl }`.
 */
window.RingbackPanelPlugin =
  ({ at, isOpen, openapiUrl }) =>
  ({ React, getSystem }) => {
    const h = React.createElement
    const isMessage = path => path[0] === 'webhooks' || path.includes('callbacks')

    /** An example of a schema, as the page shows it elsewhere. */
    const sample = schema => {
      if (schema === undefined) return undefined
      const { jsonSchema202012 } = getSystem().fn
      return jsonSchema202012.sampleFromSchema(schema, { includeReadOnly: false, includeWriteOnly: true })
    }

    const exampleOf = media => {
      if (media === undefined) return undefined
      if (media.example !== undefined) return media.example
      const [first] = Object.values(media.examples ?? {})
      return first?.value ?? sample(media.schema)
    }

    const contentOf = object => Object.entries(object?.content ?? {})[0] ?? []

    /** What the callback's expressions would read, by their text. */
    function readable(parent) {
      const values = {}
      for (const { in: place, name, example, schema } of parent?.parameters ?? [])
        values[`$request.${place}.${name}`] = String(example ?? sample(schema) ?? '')
      const [, media] = contentOf(parent?.requestBody)
      const body = exampleOf(media)
      for (const [name, value] of Object.entries(typeof body === 'object' && body !== null ? body : {}))
        if (typeof value !== 'object') values[`$request.body#/${name}`] = String(value)
      return values
    }

    function described(path) {
      const { specSelectors } = getSystem()
      const at = part => specSelectors.specResolvedSubtree(part)?.toJS?.() ?? {}
      const operation = at(path)
      const parent = path.lastIndexOf('callbacks')
      const [mediaType, media] = contentOf(operation.requestBody)
      const answered = Object.entries(operation.responses ?? {}).find(([status]) => /^2/.test(status))
      const [, response] = contentOf(answered?.[1])
      const parameters = operation.parameters ?? []
      return {
        place: path,
        template: parent < 0 ? '{URL}' : path[parent + 2],
        schemaName: media?.schema?.title ?? nameIn(media?.schema?.$$ref),
        mediaType,
        body: exampleOf(media),
        response: exampleOf(response),
        values: {
          ...readable(parent < 0 ? undefined : at(path.slice(0, parent))),
          ...Object.fromEntries(
            parameters
              .filter(one => one.in === 'path')
              .map(one => [one.name, String(one.example ?? sample(one.schema) ?? '')]),
          ),
        },
        parameters: parameters
          .filter(one => one.in !== 'path' && !/^webhook-/i.test(one.name))
          .map(one => ({
            ...{ in: one.in, name: one.name, isRequired: one.required === true },
            value: String(one.example ?? sample(one.schema) ?? ''),
          })),
      }
    }

    const nameIn = reference => /\/schemas\/([^/]+)$/.exec(reference ?? '')?.[1]

    class Panel extends React.Component {
      shouldComponentUpdate() {
        return false
      }

      componentDidMount() {
        window.RingbackPanelView(this.place, { describe: () => described(this.props.path), at, isOpen, openapiUrl })
      }

      render() {
        return h('section', { className: 'rb-panel', ref: place => (this.place = place ?? this.place) })
      }
    }

    const withPanel = Responses => props => {
      const path = props.specPath.slice(0, -1).toJS()
      if (!isMessage(path)) return h(Responses, props)
      return h(React.Fragment, null, h(Responses, props), h(Panel, { path, key: path.join(' ') }))
    }

    return { wrapComponents: { responses: withPanel } }
  }
