// A real browser, where one is installed: CHROMIUM names its program, else the usual places are looked at.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import type { Test } from 'tap'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const program = process.env.CHROMIUM ?? usual.find((path) => existsSync(path))

/** Why a test with a browser cannot run here; false when it can. */
export const withoutBrowser = program ? false : 'skipped: no Chromium (CHROMIUM names its program)'

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--no-first-run']

export async function openBrowser(t: Test): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: program, args: flags })
  t.teardown(() => browser.close())
  return browser
}
