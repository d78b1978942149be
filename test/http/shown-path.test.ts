// The path of a request as answers repeat it: no token of a consent link, however it is written, and not at any length.
import t from 'tap'
import { shownPath } from '../../src/http/shown-path.ts'
import { buildTestApp } from './support/build.ts'

t.test('given a consent link in any spelling, when its path is shown, then the token is not', async (t) => {
  const urls = [
    '/connect/canary',
    '//connect/canary',
    '/CONNECT/canary',
    '/connect//canary',
    '/./connect/canary',
    '/c%6Fnnect%2Fcanary',
    '/conn%65ct/canary%zz',
    'http://localhost/connect/canary',
  ]
  for (const url of urls) t.equal(shownPath({ originalUrl: url }), '/connect', url)
  const others = ['/connect/callback', '/connect/done', '/v1/connections/x', '/v1/customers/connect%2Fa', '/connect']
  for (const url of others) t.equal(shownPath({ originalUrl: `${url}?a=b` }), url)
})

t.test('given a path of many characters, when it is refused, then the answer stays short', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  for (const url of [
    `/${'x'.repeat(15_000)}`,
    `/v1/connections/${'x'.repeat(15_000)}`,
    `/${'/'.repeat(15_000)}connect/x`,
  ]) {
    const before = performance.now()
    const { statusCode, body } = await app.inject({ url })
    t.ok(statusCode >= 400 && statusCode < 500)
    t.ok(body.length < 5_000, `${body.length} characters`)
    t.ok(performance.now() - before < 1_000)
  }
  for (const url of ['//connect/canary', '/CONNECT/canary']) t.notMatch((await app.inject({ url })).body, /canary/)
})
