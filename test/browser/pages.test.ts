// Every page that a person sees, in a real browser: no finding of axe, nothing at the edge of a phone, no error in the console.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { openBrowser, withoutBrowser } from '../support/chromium.ts'
import { freePort } from '../support/free-port.ts'
import { openWorld } from '../support/house.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Finding {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

async function findings(page: Page): Promise<string[]> {
  // Run by the debugger: the policy of our pages lets no script in.
  await page.evaluate(axe)
  const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Finding[]
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** The smallest distance of a text from the left and right edge of the window, in pixels. */
const marginOf = (page: Page): Promise<number> =>
  page.evaluate(`Math.min(...[...document.querySelectorAll('main :not(:has(*))')].flatMap((one) => {
    const { left, right, width } = one.getBoundingClientRect()
    return width === 0 ? [] : [left, document.documentElement.clientWidth - right]
  }))`) as Promise<number>

async function check(t: Test, page: Page, title: RegExp): Promise<void> {
  t.match(await page.title(), title)
  t.strictSame(await findings(page), [], 'axe finds nothing')
  await page.setViewportSize({ width: 320, height: 640 })
  t.ok((await marginOf(page)) >= 12, 'nothing touches the edge of a phone')
  const width = await page.evaluate('document.documentElement.scrollWidth')
  t.equal(width, 320, 'and nothing has to be scrolled sideways')
  await page.setViewportSize({ width: 1280, height: 800 })
}

t.test('given every page, when a browser opens it, then it is in order', { skip: withoutBrowser }, async (t) => {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const world = await openWorld(t, { environment: { PUBLIC_URL: url, RETURN_URLS: '' } })
  await world.house.app.listen({ port, host: '127.0.0.1' })
  world.simulator.control.consent({ mode: 'manual' })
  const browser = await openBrowser(t)
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  const invite = async () => (await world.api('POST', '/v1/connections', {})).body.authorizationUrl

  t.test('the root', async (t) => {
    await page.goto(url)
    await check(t, page, /Accounting sync/)
    for (const link of await page.locator('a').all()) {
      const answer = await fetch(new URL((await link.getAttribute('href')) ?? '', url))
      t.equal(answer.status, 200, `${answer.url} is there`)
    }
    const icon = await page.locator('link[rel=icon]').getAttribute('href')
    const answer = await fetch(new URL(icon ?? '', url))
    t.match(answer.headers.get('content-type'), /^image\/svg/)
  })

  t.test('the reference of the API', async (t) => {
    await page.goto(`${url}/docs/static/`)
    t.equal(page.url(), `${url}/docs`, "not Swagger's own page")
    await page.locator('#operations-tag-Invoices').click()
    await page.locator('#operations-Invoices-listInvoices .opblock-summary-control').click()
    await page.locator('#operations-Invoices-listInvoices .responses-inner').waitFor()
    t.match(await page.title(), /API reference/)
    for (const width of [1280, 320]) {
      await page.setViewportSize({ width, height: 800 })
      t.strictSame(await findings(page), [], `axe finds nothing at ${width} pixels`)
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.locator('#operations-Invoices-putInvoice .opblock-summary-control').click()
    await page.locator('#operations-Invoices-putInvoice .responses-inner').waitFor()
    t.strictSame(await findings(page), [], 'axe finds nothing at an operation with a body')
    await page.locator('#operations-Invoices-putInvoice .try-out__btn').click()
    await page.locator('#operations-Invoices-putInvoice textarea').first().waitFor()
    t.strictSame(await findings(page), [], 'nor where it is tried out')
    await page.locator('.scheme-container .authorize').click()
    await page.locator('.dialog-ux .modal-ux').waitFor()
    t.strictSame(await findings(page), [], 'nor in the dialog for the key')
    await page.locator('.dialog-ux .close-modal').click()
  })

  t.test('consent, and its end', async (t) => {
    await page.goto(await invite())
    await check(t, page, /wants access/)
    await page.getByRole('button', { name: 'Allow access' }).click()
    await check(t, page, /Access was granted/)
    const text = await page.locator('main').textContent()
    t.notMatch(text, /curl/, 'an end user sees no command')
  })

  t.test('consent that is declined', async (t) => {
    await page.goto(await invite())
    await page.getByRole('button', { name: 'Cancel and go back' }).click()
    await check(t, page, /Not connected/)
    t.match(await page.locator('main').textContent(), /declined/)
  })

  for (const [word, whose] of [
    ['application_credentials', /people who provide your inventory product/],
    ['server_error', /Xero had an error/],
    ['internal_error', /This service could not/],
  ] as const) {
    t.test(`consent that ended with ${word}`, async (t) => {
      await page.goto(`${url}/connect/done?error=${word}`)
      await check(t, page, /Not connected/)
      t.match(await page.locator('main').textContent(), whose)
    })
  }

  t.test('an address that nobody made', async (t) => {
    await page.goto(`${url}/connect/done?code=%27%3Bls`)
    await check(t, page, /Nothing to show/)
  })

  t.equal(complaints.join('\n'), '', 'no error in the console')

  t.test('a link that was cut off', async (t) => {
    await page.goto(`${url}/connect/abc`)
    await check(t, page, /not complete/)
  })

  t.test('a link that was used', async (t) => {
    const link = await invite()
    await page.goto(link)
    await page.goto(link)
    await check(t, page, /./)
    t.match(await page.locator('main').textContent(), /inventory product/)
  })
})
