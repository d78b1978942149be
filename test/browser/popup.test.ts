// A consent in a popup that a frontend of another origin opens, with the code of docs/connecting.md as it stands there.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import t from 'tap'
import { openBrowser as openPerson } from '../support/browser.ts'
import { openBrowser, withoutBrowser } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { defaultOrganisation, openWorld } from '../support/house.ts'

const guide = readFileSync(new URL('../../docs/connecting.md', import.meta.url), 'utf8')
const block = (language: string): string => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(guide)?.[1] ?? ''

const opener = `<!doctype html><title>Shop</title><button>Connect</button><p></p><script>${block('js')}
document.querySelector('button').onclick = async () => {
  document.querySelector('p').textContent = JSON.stringify(await connectXero())
}</script>`

t.test(
  'given a frontend, when the consent runs in a popup of it, then it learns the end',
  { skip: withoutBrowser },
  async (t) => {
    const [port, shopPort] = [await freePort(), await freePort()]
    const shop = `http://127.0.0.1:${shopPort}`
    const returnUrl = `${shop}/connected`
    const environment = { PUBLIC_URL: `http://localhost:${port}`, RETURN_URLS: returnUrl }
    const world = await openWorld(t, { environment })
    await world.house.app.listen({ port, host: '127.0.0.1' })
    world.simulator.control.consent({ mode: 'manual' })
    const frontend = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', shop)
      if (request.method === 'POST') {
        void world.api('POST', '/v1/connections', { returnUrl }).then(({ text }) => response.end(text))
        return
      }
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(pathname === '/connected' ? block('html') : opener)
    })
    await new Promise<void>((done) => frontend.listen(shopPort, '127.0.0.1', done))
    t.teardown(() => frontend.close())
    const browser = await openBrowser(t)
    const page = await browser.newPage()

    const open = async () => {
      await page.goto(shop)
      const [popup] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
      await popup.waitForURL(/authorize/)
      return popup
    }
    const end = async () => {
      await page.waitForFunction("document.querySelector('p').textContent !== ''")
      return JSON.parse((await page.locator('p').textContent()) ?? '')
    }

    t.test('access is allowed', async (t) => {
      const popup = await open()
      t.equal(await popup.evaluate('window.opener !== null'), true, 'the two windows know each other at Xero')
      const gone = popup.waitForEvent('close')
      await popup.getByRole('button', { name: 'Allow access' }).click()
      await gone
      const { connectionId, code } = await end()
      const confirmed = await world.api('POST', `/v1/connections/${connectionId}/confirm`, { completionCode: code })
      t.match([confirmed.status, confirmed.body.status], [200, 'active'])
    })

    t.test('access is declined', async (t) => {
      const popup = await open()
      await popup.getByRole('button', { name: 'Cancel and go back' }).click()
      t.match(await end(), { connectionId: /-/, error: 'access_denied' })
    })

    t.test('the person closes the window', async (t) => {
      const popup = await open()
      await popup.close()
      t.equal(await end(), null)
    })
  },
)

t.test(
  'given any step of a consent, then its answer parts no window from its opener, and any other does',
  async (t) => {
    const world = await openWorld(t)
    const policyOf = async (url: string, headers: Record<string, string> = {}) => {
      const { pathname, search } = new URL(url, 'http://localhost')
      const answer = await world.send('GET', pathname + search, { headers })
      return [answer.status, answer.headers['cross-origin-opener-policy']]
    }
    const { authorizationUrl } = (await world.api('POST', '/v1/connections', {})).body
    const html = { accept: 'text/html' }
    t.strictSame(await policyOf(authorizationUrl), [302, 'unsafe-none'])
    t.strictSame(await policyOf(authorizationUrl, html), [422, 'unsafe-none'])
    t.strictSame(await policyOf('/connect/callback?state=none&code=none', html), [422, 'unsafe-none'])
    t.strictSame(await policyOf('/connect/done?error=access_denied', html), [200, 'unsafe-none'])
    t.strictSame(await policyOf('/v1/connections'), [401, 'same-origin'])
    t.strictSame(await policyOf('/v1/connections', html), [401, 'same-origin'])
    t.strictSame(await policyOf('/health/live'), [200, 'same-origin'])
    t.strictSame(await policyOf('/'), [200, 'same-origin'])
    world.simulator.control.consent({ mode: 'automatic', organisations: [defaultOrganisation] })
    const person = openPerson(world)
    const callback = await person.toCallback((await world.api('POST', '/v1/connections', {})).body.authorizationUrl)
    const { status, headers } = await person.follow(callback)
    t.strictSame([status, headers['cross-origin-opener-policy']], [302, 'unsafe-none'])
  },
)
