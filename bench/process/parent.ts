import type { AddressInfo, Server } from 'node:net'

/**
 * Tells the parent that this program is ready. When the parent disconnects, calls `close`, if given, and ends the
 * program.
 */
export function announce(ready: unknown, close: () => void | Promise<void> = () => {}): void {
  process.once('disconnect', async () => {
    await close()
    process.exit()
  })
  process.send?.(ready)
}

/** Listens on a free port and announces it. */
export function announceServer(server: Server, host = '127.0.0.1'): void {
  server.listen(0, host, () => announce({ port: (server.address() as AddressInfo).port }))
}

/** Answers the parent's commands, one at a time. */
export function serveCommands<Command, Answer>(handle: (command: Command) => Answer | Promise<Answer>): void {
  process.on('message', async command => process.send?.((await handle(command as Command)) as object))
}
