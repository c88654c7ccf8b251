import type { Log, LogFields } from '../../src/lib/log/log.ts'

/** A log that keeps its entries. */
export class RecordingLog implements Log {
  readonly messages: { readonly level: keyof Log; readonly text: string; readonly fields: LogFields }[] = []
  readonly debug = this.#at('debug')
  readonly info = this.#at('info')
  readonly warn = this.#at('warn')
  readonly error = this.#at('error')

  #at(level: keyof Log) {
    return (text: string, fields: LogFields = {}): void => {
      this.messages.push({ level, text, fields })
    }
  }
}
