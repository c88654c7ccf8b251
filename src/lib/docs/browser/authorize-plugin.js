/**
 * A Swagger UI plugin: *Authorize* begins at its first input. Each scheme takes the focus, and with the last one the
 * dialogue has scrolled to its end.
 */
window.RingbackAuthorizePlugin = ({ React }) => ({
  wrapComponents: {
    authorizationPopup: Popup =>
      class extends React.Component {
        componentDidMount() {
          document.querySelector('.modal-ux-content')?.scrollTo(0, 0)
          document.querySelector('.modal-ux-content input')?.focus()
        }

        render() {
          return React.createElement(Popup, this.props)
        }
      },
  },
})
