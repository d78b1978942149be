// The runner of the suite: no test is lost because its file takes longer to open what it needs than others take to end.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

const here = import.meta.dirname
const tap = JSON.stringify(import.meta.resolve('tap'))
const turns = JSON.stringify(new URL('../support/in-turn.ts', import.meta.url).href)
/** Ends after the report of a process that has nothing else to do would have ended. */
const slow = `import t from ${tap}
await new Promise((done) => setTimeout(done, 400))
t.test('slow to begin', async (t) => t.pass('it ran'))
`
const quick = `import t from ${tap}
t.test('quick', async (t) => t.pass('it ran'))
`

t.test(
  'given a file that takes long to begin, when it shares a process with quick ones, then all its tests run',
  async (t) => {
    const folder = mkdtempSync(join(here, '.in-turn-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const files = Object.entries({ quick, slow, again: quick }).map(([name, text]) => {
      const path = join(folder, `${name}.mjs`)
      writeFileSync(path, text)
      return path
    })
    const group = join(folder, 'group.mjs')
    writeFileSync(
      group,
      `import { inTurn } from ${turns}\nconst files = ${JSON.stringify(files)}\nawait inTurn({ next: async () => files.shift() ?? null, mark: 'file ', limit: 60_000 })\n`,
    )
    const run = spawnSync(process.execPath, [group], { encoding: 'utf8', env: { ...process.env, TAP_TIMEOUT: '60' } })
    t.equal(run.status, 0, run.stderr)
    const ran = [...run.stdout.matchAll(/^ok \d+ - (.*?) #/gm)].map(([, title]) =>
      title?.replace(/^file .*\//, 'file '),
    )
    t.strictSame(ran, [
      'file begin',
      'quick',
      'file quick.mjs',
      'slow to begin',
      'file slow.mjs',
      'quick',
      'file again.mjs',
    ])
  },
)
