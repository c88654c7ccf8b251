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

/** Listens on a free port of 127.0.0.1 and announces it. */
export function announceServer(server: Server): void {
  server.listen(0, '127.0.0.1', () => announce({ port: (server.address() as AddressInfo).port }))
}

/** Answers the parent's commands, one at a time. */
export function serveCommands<Command, Answer>(handle: (command: Command) => Answer | Promise<Answer>): void {
  process.on('message', async command => process.send?.((await handle(command as Command)) as object))
}
