import { cpus, loadavg, release } from 'node:os'

/** The machine of the measurement in one line; the load average shows whether it was busy. */
export function machine(): string {
  const [load = 0] = loadavg()
  return `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model}, load before ${load.toFixed(2)}`
}
