import type { Clock } from '../../clock.ts'
import { setPatientTimer } from '../patient-timer.ts'
import { ConnectFailure } from './connect-failure.ts'

/** Called once with the outcome of a step. */
export type Done<Result> = (error: unknown, result?: Result) => void

/** Gives a step up; its {@link Done} then gets the reason. Has no effect once the step has ended. */
export type GiveUp = (reason: unknown) => void

/** A step on the way to a connection. */
export type ConnectStep<Result> = (done: Done<Result>) => GiveUp

/** The same step, given up after `timeMs`. */
export function inTime<Result>(step: ConnectStep<Result>, timeMs: number, clock: Clock): ConnectStep<Result> {
  return done => {
    let cancel = (): void => {}
    let ended = false
    const giveUp = step((error, result) => {
      ended = true
      cancel()
      done(error, result)
    })
    if (ended) return giveUp
    const late = (): void => giveUp(new ConnectFailure('connect', new Error(`No connection within ${timeMs} ms`)))
    cancel = setPatientTimer(clock, late, timeMs)
    return giveUp
  }
}
