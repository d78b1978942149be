// A dependency runs nothing on the machine that installs it, but for those that package.json names.
import { readFileSync } from 'node:fs'
import t from 'tap'

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

t.test('given the locked packages, when one has an install script, then package.json names it', async (t) => {
  const { packages } = JSON.parse(text('package-lock.json')) as {
    packages: Record<string, { hasInstallScript?: boolean }>
  }
  const withScript = Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''))
  const { allowScripts } = JSON.parse(text('package.json')) as { allowScripts: Record<string, boolean> }
  t.strictSame(withScript.sort(), Object.keys(allowScripts).sort())
})

t.test('given a package that is not named, when it is installed, then npm ends with an error', async (t) => {
  t.match(text('.npmrc'), /^strict-allow-scripts=true$/m)
})
