import { getServers, Resolver } from 'node:dns'

/** The two sources of the process's name servers, in the form of `dns.getServers()`. */
interface NameServerSources {
  /** Those of the process, which `dns.setServers` changes. */
  readonly ofProcess: () => readonly string[]
  /** Those of the system, as configured now. */
  readonly ofSystem: () => readonly string[]
}

const nodeSources: NameServerSources = { ofProcess: getServers, ofSystem: () => new Resolver().getServers() }

/**
 * Makes the reader of the name servers to ask: those that the application has set with `dns.setServers`, else those of
 * the system. Node reads the system's only once in a process and would miss a later change.
 */
export function nameServers({ ofProcess, ofSystem }: NameServerSources = nodeSources): () => readonly string[] {
  let process = ofProcess()
  let setByApplication = String(process) !== String(ofSystem())
  return () => {
    const system = ofSystem()
    const now = ofProcess()
    if (String(now) !== String(process)) setByApplication = String(now) !== String(system)
    process = now
    return setByApplication ? now : system
  }
}
