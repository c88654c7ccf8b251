/** When a delivery is due: at the later of what is given, else now. */
export interface DueTime {
  /** So long after now, and no longer if the clock is put right meanwhile. */
  readonly delayMs?: number | undefined
  /** The time that its sender asked for. */
  readonly dueAt?: number | undefined
}

export function dueAtOf({ delayMs, dueAt }: DueTime, now: number): number {
  if (dueAt === undefined) return now + (delayMs ?? 0)
  return delayMs === undefined ? dueAt : Math.max(now + delayMs, dueAt)
}
