import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds } from '../process/cpu-seconds.ts'
import { freePort } from '../process/free-port.ts'

/** The result of one start. */
export interface Start {
  /** From the spawn to the first response. */
  readonly wallMs: number
  /** User and system time of the process up to the first response. */
  readonly cpuMs: number
}

/** What is started. */
export interface StartOptions {
  readonly arguments: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const invoice = JSON.stringify({ id: '2expen51ve', customer: 'Mr. Richie Rich', total: 9999 })
const limitMs = 30_000

/** Starts a server that listens on `PORT`, and sends requests until it responds. */
export async function startUntilFirstResponse({ arguments: args, env }: StartOptions): Promise<Start> {
  const port = await freePort()
  const started = performance.now()
  const server = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env, NODE_ENV: 'production', PORT: String(port) },
  })
  try {
    await responded(server, port, started + limitMs)
    const wallMs = performance.now() - started
    return { wallMs, cpuMs: cpuSeconds(server.pid ?? 0) * 1000 }
  } finally {
    await end(server)
  }
}

async function responded(server: ChildProcess, port: number, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const status = await ask(port)
    if (status === 200) return
    if (status !== undefined) throw new Error(`The first response was a ${status}`)
    if (server.exitCode !== null) throw new Error(`The server ended with code ${server.exitCode} before it responded`)
    await pause(1)
  }
  throw new Error(`No response in ${limitMs} ms`)
}

/** Undefined while the server does not listen. */
async function ask(port: number): Promise<number | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/invoices/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: invoice,
    })
    await response.text()
    return response.status
  } catch {
    return undefined
  }
}

/** SIGINT, so that a server can write a profile when it ends. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const kill = setTimeout(() => server.kill('SIGKILL'), 5_000)
  const ended = once(server, 'exit')
  server.kill('SIGINT')
  await ended
  clearTimeout(kill)
}
