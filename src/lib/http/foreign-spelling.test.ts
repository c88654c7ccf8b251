import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePathTemplate } from './path-template.ts'

for (const [path, spelling] of [
  ['/files/{path:path}', '/files/{path*}'],
  ['/items/{id:int}', '/items/{id}'],
  ['/items/{id:uuid}/lines', '/items/{id}/lines'],
  ['/items/{id:[0-9]+}', '/items/{id}'],
  ['/items/{id:\\d+}/{n:[a-z]{2}}', '/items/{id}/{n}'],
  ['/items/{id:int}.json', '/items/{id}.json'],
  ['/items/{id=7}', '/items/{id}'],
  ['/items/:id', '/items/{id}'],
  ['/items/:id/lines/:line', '/items/{id}/lines/{line}'],
  ['/items/:id(\\d+)', '/items/{id}'],
  ['/items/:id{[0-9]+}', '/items/{id}'],
  ['/flights/:from-:to', '/flights/{from}-{to}'],
  ['/files/:name.:ext', '/files/{name}.{ext}'],
  ['/items/<id>', '/items/{id}'],
  ['/items/<int:id>/x', '/items/{id}/x'],
  ['/files/<path:rest>', '/files/{rest*}'],
  ['/items/[id]', '/items/{id}'],
  ['/files/[...slug]', '/files/{slug*}'],
  ['/files/[[...slug]]', '/files/{slug*}'],
  ['/files/*', '/files/{path*}'],
  ['/files/**', '/files/{path*}'],
  ['/files/*rest', '/files/{rest*}'],
  ['/files/{*rest}', '/files/{rest*}'],
  ['/files/{**rest}', '/files/{rest*}'],
  ['/files/{rest...}', '/files/{rest*}'],
  ['/files/{...rest}', '/files/{rest*}'],
  ['/files/{rest+}', '/files/{rest*}'],
  ['/files/{+rest}', '/files/{rest*}'],
  ['/files/{rest:.*}', '/files/{rest*}'],
  ['/files/:rest*', '/files/{rest*}'],
  ['/files/:rest+', '/files/{rest*}'],
  ['/items/{ id }', '/items/{id}'],
  ['/items/{{id}}', '/items/{id}'],
] as const)
  test(`the path ${path} of another framework is refused, with its spelling here`, () => {
    assert.throws(
      () => parsePathTemplate(path),
      (error: Error) => {
        assert.equal(error.name, 'DefinitionError')
        assert.ok(error.message.includes(`"${path}"`), error.message)
        assert.ok(error.message.includes(`"${spelling}"`), error.message)
        return true
      },
    )
    parsePathTemplate(spelling)
  })

for (const path of ['/items/{id?}', '/items/:id?', '/items/<id?>'])
  test(`the optional name of ${path} is refused, with what to do instead`, () => {
    assert.throws(() => parsePathTemplate(path), /"\/items" and "\/items\/\{id\}"/)
  })

for (const path of ['/items{?page,size}', '/items/{?page}', '/items/{&page}'])
  test(`the query of ${path} is refused, with what to do instead`, () => {
    assert.throws(() => parsePathTemplate(path), /declare "query"/)
  })

for (const path of [
  '/items/{id}:archive',
  '/items:batchCreate',
  '/items/{invoice-id}',
  '/{x.y}/{_z}/{名前}',
  '/odata/$metadata',
  '/@{user}',
  '/a*b',
  '/files/{path*}',
  '/{a}.{b}',
  '/.well-known/x',
])
  test(`the path ${path} stays as it is`, () => assert.equal(parsePathTemplate(path).text, path))
