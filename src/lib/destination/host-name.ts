/** Whether it is longer than any name can be: 253 characters and the final dot (RFC 1035, section 2.3.4). */
export function isTooLongName(hostname: string): boolean {
  return hostname.length > (hostname.endsWith('.') ? 254 : 253)
}

/** Names that always mean this host or its network; `*.` stands for every name below. */
const privateNames: readonly string[] = [
  'localhost', // RFC 6761 section 6.3
  '*.localhost',
  'localhost.localdomain',
  'local', // multicast DNS, RFC 6762; also the default domain of Kubernetes services
  '*.local',
  'internal', // reserved by ICANN for private use in 2024; metadata.google.internal, host.docker.internal
  '*.internal',
  'home.arpa', // RFC 8375
  '*.home.arpa',
  '*.svc', // Kubernetes services, completed by the search list
  'kubernetes',
  'kubernetes.default',
]

/** Names of cloud metadata services that the list above does not cover. */
const metadataNames: readonly string[] = [
  'metadata',
  'instance-data', // AWS
  'metadata.tencentyun.com',
  'api.metadata.cloud.ibm.com',
  'rancher-metadata',
]

/** Whether the name can only mean a host of our own network. Such a name is refused without a look-up. */
export function isPrivateName(name: string): boolean {
  return matchesPrivateName(name)
}

/** Makes the test whether a name matches one of `patterns`: a name (`hooks.lan`), or every name below one (`*.lan`). */
export function nameMatcher(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns.filter(pattern => !pattern.startsWith('*.')))
  const suffixes = patterns.filter(pattern => pattern.startsWith('*.')).map(pattern => pattern.slice(1))
  return name => names.has(name) || suffixes.some(suffix => name.length > suffix.length && name.endsWith(suffix))
}

const matchesPrivateName = nameMatcher([...privateNames, ...metadataNames])
