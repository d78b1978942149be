// Every way to start says in one line that the Node is too old, before anything is done.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
/** As if an older Node ran it. */
const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`

t.test(
  'given an older Node, when the service or a command is started, then one line says which is needed',
  async (t) => {
    for (const file of ['src/main.ts', 'src/cli.ts', 'src/preflight.cjs']) {
      const run = spawnSync(process.execPath, ['--import', older, join(root, file)], {
        encoding: 'utf8',
        timeout: 30_000,
      })
      t.equal(run.status, 1, file)
      t.equal(run.stdout, '')
      t.match(run.stderr.trim().split('\n'), [/^This service needs Node\.js 22\.19 or newer and runs on 20\.20\.2\./])
    }
  },
)
