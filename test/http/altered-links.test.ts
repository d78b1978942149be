// A consent link that changed on its way here, as mail programs do, is opened by a person: the answer is a page that says so. Everything
// else keeps its problem document, and every answer its headers for browsers.
import t from 'tap'
import { buildTestApp } from './support/build.ts'

const token = 'a-token-of-a-link-0123456789'
const altered = [
  '/connect',
  '/connect/',
  `/connect/${token}/`,
  `/connect/${token}/x`,
  `/connect//${token}`,
  `/Connect/${token}`,
  `/connect/%ff${token}`,
  `/connect/${token}%`,
  `/connect/${token.repeat(700)}`,
  '/connect/short',
]
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

t.test('given a link that changed on its way, when a browser opens it, then a page says so', async (t) => {
  const app = await buildTestApp()
  t.teardown(() => app.close())
  const complete = await app.inject({ url: '/connect/done', headers: html })
  for (const url of altered) {
    const answer = await app.inject({ url, headers: html })
    t.ok(answer.statusCode === 400 || answer.statusCode === 404, url)
    t.match(answer.headers['content-type'], /^text\/html/, url)
    t.match(answer.body, /<h1>This address is not complete<\/h1>/, url)
    t.notMatch(answer.body, new RegExp(token), url)
    for (const name of ['content-security-policy', 'x-content-type-options', 'cross-origin-opener-policy'])
      t.equal(answer.headers[name], complete.headers[name], `${name} of ${url}`)
    const { body, headers } = await app.inject({ url, headers: { accept: '*/*' } })
    t.match(headers['content-type'], /^application\/problem\+json/, url)
    t.notMatch(body, new RegExp(token), url)
  }
})

t.test(
  'given a path that cannot be read, when it is refused, then it is limited and logged as any other',
  async (t) => {
    const app = await buildTestApp({}, { rateLimit: { max: 3, window: 60_000 } })
    t.teardown(() => app.close())
    const ask = () => app.inject({ url: '/v1/connections/%ff?a=%ff', headers: html })
    const first = await ask()
    t.match(first.json(), { status: 400, code: 'invalid_request', detail: 'The path is not valid.' })
    t.match(first.json(), { instance: '/v1/connections/%ff', requestId: first.headers['x-request-id'] })
    const usual = await app.inject({ url: '/v1/nothing' })
    const names = ({ headers }: typeof usual) =>
      Object.keys(headers).filter((name) => !/^(content-length|date)$/.test(name))
    t.same(names(first), names(usual))
    t.equal(first.headers['cross-origin-opener-policy'], 'same-origin')
    await ask()
    t.equal((await ask()).statusCode, 429)
  },
)
