/**
 * A Swagger UI plugin: the callbacks of an operation stand below its responses, each folded, in place of a tab that hides
 * them.
 */
window.RingbackCallbacksPlugin = ({ React }) => {
  const h = React.createElement

  /** The operation without its callbacks has no tab for them. */
  const withoutTab = Parameters => props => h(Parameters, { ...props, operation: props.operation.delete('callbacks') })

  const withCallbacks =
    (Responses, { getComponent, specSelectors }) =>
    props => {
      const specPath = props.specPath.slice(0, -1)
      const callbacks = specSelectors.specResolvedSubtree(specPath.toJS())?.get('callbacks')
      if (!callbacks?.size) return h(Responses, props)
      const Callbacks = getComponent('Callbacks', true)
      const title = h('div', { className: 'opblock-section-header' }, h('h4', null, 'Callbacks'))
      const body = h(
        'div',
        { className: 'ringback-callbacks' },
        h(Callbacks, { callbacks, specPath: specPath.push('callbacks') }),
      )
      return h(React.Fragment, null, h(Responses, props), h('section', { 'aria-label': 'Callbacks' }, title, body))
    }

  return { wrapComponents: { parameters: withoutTab, responses: withCallbacks } }
}
