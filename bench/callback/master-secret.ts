/** Of the benchmark only: web process and worker process must have the same. */
export const masterSecret = 'a master secret for benchmarks only'
