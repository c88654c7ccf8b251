/** Whether a media type lies in a range such as `image/*` (RFC 9110, section 12.5.1). Both in lower case, without parameters. */
export function inMediaRange(mediaType: string, range: string): boolean {
  if (range === '*/*' || range === mediaType) return true
  return range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1))
}
