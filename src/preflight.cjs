// Runs before everything else, in syntax that any Node understands: an old Node would otherwise fail later with a
// syntax error that names neither the cause nor the remedy.
const wanted = [22, 19]
const have = process.versions.node.split('.').map(Number)
// The compiled program has no Node beside it: "npm ci --omit=dev" took it away.
// biome-ignore lint/style/useNodejsImportProtocol: Node 12 does not know it.
const isSource = require('fs').existsSync(`${__dirname}/main.ts`)
if (have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1])) {
  console.error(
    `This service needs Node.js ${wanted.join('.')} or newer and runs on ${process.versions.node}. ` +
      (isSource
        ? 'Run "npm ci" first: it installs Node 24 beside the project, and "npm run" and "npm test" then use it. ' +
          'With install scripts switched off (ignore-scripts=true) that Node is missing: allow them for the package "node".'
        : 'Install one on this machine: the compiled program runs on the Node that starts it.'),
  )
  process.exit(1)
}
