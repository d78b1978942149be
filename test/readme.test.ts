// The first calls of README.md are made as a newcomer makes them: the demo runs as its own process, the blocks are pasted one
// by one into a real bash with real curl, and the consent is given by curl, then in a real browser. Each curl must answer the
// status that the comment above it says.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { openBrowser, withoutBrowser } from './support/chromium.ts'
import { shellBlocks } from './support/documents.ts'
import { openTerminal, type Pasted, startDemo } from './support/pasting.ts'

const isThere = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const blocks = shellBlocks(readFileSync('README.md', 'utf8'))
/** Pasting this one is the other way of opening the link. */
const isConsent = (block: string): boolean => block.includes('x-simulator-consent')
const skip = isThere('bash') && isThere('curl') ? false : 'skipped: bash or curl is not installed'

/** Pastes every block; `consent` takes the place of the one that lets curl consent. Answers the outputs. */
async function walk(t: Test, consent?: (link: string) => Promise<string>): Promise<string[]> {
  t.ok(blocks.length >= 8 && blocks.filter(isConsent).length === 1, 'the README has its blocks')
  const paste = await openTerminal(t, await startDemo(t))
  const outputs: string[] = []
  const check = (block: string, { code, output, statuses, complaints }: Pasted): void => {
    const expected = [...block.matchAll(/^# (\d{3})$/gm)].map(([, status]) => status)
    const name = /^(?!#).+$/m.exec(block)?.[0].slice(0, 60) ?? ''
    t.equal(code, 0, `${name} ends well`, { block, output, complaints })
    t.same([...new Set(statuses)], [...new Set(expected)], `${name} answers as it says`, { block, output, complaints })
    t.ok(statuses.length >= expected.length, `${name} makes every call`, { block, output, complaints })
    outputs.push(output)
  }
  for (const block of blocks) {
    if (consent && isConsent(block)) {
      const code = await consent((await paste('echo "$LINK"')).output.trim())
      await paste(`CODE=${code}`)
    } else check(block, await paste(block))
  }
  return outputs
}

function checkEnd(t: Test, outputs: readonly string[]): void {
  const last = outputs.at(-1) ?? ''
  t.match(last, '"record_missing"', 'the faulty invoice is named with its error')
  t.match(last, /"state":"synced".*SHIP-1001|SHIP-1001.*"state":"synced"/s, 'the good invoice was sent')
  t.match(outputs.at(-2), 'completed_with_errors')
}

t.test(
  'given the demo, when the README is pasted block by block, then every call answers as it says',
  { skip },
  async (t) => {
    checkEnd(t, await walk(t))
  },
)

t.test(
  'given the demo, when the link of the README is opened in a browser, then the code of its page ends the consent',
  { skip: skip || withoutBrowser },
  async (t) => {
    const browser = await openBrowser(t)
    const outputs = await walk(t, async (link) => {
      const page = await browser.newPage()
      await page.goto(link)
      t.match(await page.title(), /wants access/, 'a person is asked')
      await page.getByLabel('Kiwi Komponents Ltd').check()
      await page.getByRole('button', { name: 'Allow access' }).click()
      t.match(await page.title(), 'Access was granted')
      return (await page.locator('code').last().textContent())?.trim() ?? ''
    })
    checkEnd(t, outputs)
  },
)

t.test(
  'given a call that is refused, when api makes it, then it shows the status and ends with an error',
  { skip },
  async (t) => {
    const [setUp = ''] = blocks
    const paste = await openTerminal(t, await startDemo(t))
    await paste(setUp)
    const { code, output, complaints } = await paste('api "$URL/v1/connections/nobody"')
    t.not(code, 0)
    t.match(output, '"code":')
    t.match(complaints, /HTTP 4\d\d/)
  },
)
