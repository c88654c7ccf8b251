import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

/** What has happened in a process since a piece of work ended. */
export interface SincePiece {
  /** How long the piece took. */
  readonly pieceMs: number
  /** How long the event loop was busy since, as with what the piece made. */
  readonly busyMs: number
  /** How long it had nothing to do. */
  readonly idleMs: number
}

/** A rest is no longer than this, or than the piece asks for: some of the work is done under any load. */
const mostRestMs = 25

/** How much longer to rest, if the event loop shall be idle `rests` times as long as the piece and what came of it took. */
export function restLeftMs({ pieceMs, busyMs, idleMs }: SincePiece, rests: number): number {
  const wanted = rests * (pieceMs + busyMs) - idleMs
  const most = Math.max(rests * pieceMs, mostRestMs) - (busyMs + idleMs)
  return Math.max(Math.min(wanted, most), 0)
}

/**
 * Resolves when this process has rested after a piece that took so long: what is urgent finds time in between. It takes real
 * time, whatever the clock: a rest is measured by what the process had to do.
 */
export async function rest(pieceMs: number, rests: number): Promise<void> {
  const ended = performance.eventLoopUtilization()
  for (;;) {
    const { active: busyMs, idle: idleMs } = performance.eventLoopUtilization(ended)
    const leftMs = restLeftMs({ pieceMs, busyMs, idleMs }, rests)
    if (leftMs === 0) return
    await pause(Math.ceil(leftMs))
  }
}
