import { cpus, loadavg, release } from 'node:os'

/** What the figures were measured on, in one line; the load average tells whether others were at work. */
export function machine(): string {
  const [load = 0] = loadavg()
  return `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}, load before ${load.toFixed(2)}`
}
