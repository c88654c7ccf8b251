/**
 * A path segment in the form that is compared with a template's literal text: escapes of reserved characters stay
 * (`%40` is not `@`), all others are decoded. Middleware patterns are compared with the same form, so that no other
 * spelling gets past them.
 */
export function comparablePathSegment(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURI(segment.replaceAll('%25', '%2525'))
  } catch {
    return segment
  }
}
