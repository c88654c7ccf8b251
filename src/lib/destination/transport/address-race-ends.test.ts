import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../clock.ts'
import { AddressRace, type Connected, type RaceRules } from './address-race.ts'

test('AddressRace goes on to addresses that come later where those before them failed', {
  timeout: 10_000,
}, async t => {
  const server = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.2')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const refused: string[] = []
  const failed = Promise.withResolvers<void>()
  const dial: RaceRules['dial'] = (host, began, done) => {
    const socket: Socket = connect(port, host, () => done(undefined, socket))
    socket.on('error', done)
    began()
    return reason => socket.destroy(reason as Error)
  }
  const avoid = (address: string) => {
    refused.push(address)
    failed.resolve()
  }
  const won = Promise.withResolvers<Connected>()
  const race = new AddressRace({ clock: systemClock, dial, avoid }, (error, connected) =>
    connected === undefined ? won.reject(error) : won.resolve(connected),
  )
  race.begin(
    ['127.0.0.1'],
    failed.promise.then(() => ['127.0.0.2']),
  )
  const { address, socket } = await won.promise
  socket.destroy()
  assert.deepEqual([address, refused], ['127.0.0.2', ['127.0.0.1']])
})

test('AddressRace that is given up ends what it has begun, tells so once, and avoids those addresses', () => {
  const [ended, avoided, told]: [unknown[], string[], unknown[]] = [[], [], []]
  const dial: RaceRules['dial'] = (_, began) => {
    began()
    return reason => ended.push(reason)
  }
  const rules = { clock: systemClock, dial, avoid: (address: string) => void avoided.push(address) }
  const giveUp = new AddressRace(rules, error => told.push(error)).begin(['127.0.0.1', '127.0.0.2'], undefined)
  const reason = new Error('The worker stopped')
  giveUp(reason)
  giveUp(new Error('again'))
  assert.deepEqual([ended, avoided, told], [[reason], ['127.0.0.1'], [reason]])
})
