/** How bodies are read: options of the application. */
export interface BodyRules {
  /** Whether a body without a media type is refused. */
  readonly strictContentType: boolean
  readonly coerceJson: boolean
}
