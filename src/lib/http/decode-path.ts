/** A percent-encoded path segment as text; a broken escape stays as it is. */
export function decodePathSegment(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
