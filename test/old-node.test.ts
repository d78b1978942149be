// Every way to start says in one line that the Node is too old, before anything is done: from the sources, and compiled as the
// image is.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')
/** As if an older Node ran it. */
const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})`
const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', timeout: 120_000 })

/** The compiled program, made by the command of the Dockerfile; its packages are found from inside the project. */
function compiled(): string {
  mkdirSync(join(root, '.data'), { recursive: true })
  const directory = mkdtempSync(join(root, '.data', 'compiled-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const [, command = ''] = /^RUN node (.*tsc .*)$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? []
  const made = run(...command.split(' '), '--outDir', directory)
  t.equal(made.status, 0, made.stdout)
  return join(directory, 'src')
}

t.test(
  'given an older Node, when the service or a command is started, then one line says which is needed',
  async (t) => {
    const sources = ['main.ts', 'cli.ts', 'preflight.cjs'].map((file) => join(root, 'src', file))
    const directory = compiled()
    for (const file of [...sources, join(directory, 'main.js'), join(directory, 'cli.js')]) {
      const { status, stdout, stderr } = run('--import', older, file)
      t.equal(status, 1, file)
      t.equal(stdout, '')
      const remedy = file.startsWith(directory) ? /Install one on this machine/ : /Run "npm ci" first/
      t.match(stderr, remedy, file)
      t.match(stderr.trim().split('\n'), [/^This service needs Node\.js 22\.19 or newer and runs on 20\.20\.2\./])
    }
    for (const file of ['main.js', 'cli.js']) {
      const path = join(directory, file)
      const { status, stdout, stderr } = run(path, '--help')
      t.equal(status, 0, stderr)
      t.match(stdout, `Usage: node ${relative(root, path)}`, 'it names itself, not the sources')
    }
  },
)
