// The API description takes a second to make, in which nobody else would be answered: it is made before the service listens.
import t from 'tap'
import { prepareDocuments } from '../../src/http/app.ts'
import { buildTestApp } from './support/build.ts'

t.test('given documents that were prepared, when they are asked for, then nothing is made any more', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  await prepareDocuments(app)
  const make = app.swagger.bind(app)
  let made = 0
  app.swagger = ((...how: []) => {
    made += 1
    return make(...how)
  }) as typeof app.swagger
  for (const url of ['/openapi.yaml', '/openapi.json', '/docs/yaml', '/docs/json'])
    t.equal((await app.inject({ url })).statusCode, 200, url)
  t.equal(made, 0, 'made at a request')
})
