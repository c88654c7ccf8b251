/** What both processes of the bench of idle latency are made with. */
export const idleSigning = {
  signing: { masterSecret: 'a master secret for benchmarks only' },
  destinations: { allow: ['127.0.0.0/8'] },
}
