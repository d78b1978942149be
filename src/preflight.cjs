// Runs before everything else, in syntax that any Node understands: an old Node would otherwise fail later with a
// syntax error that names neither the cause nor the remedy.
const wanted = [22, 19]
const have = process.versions.node.split('.').map(Number)
if (have[0] < wanted[0] || (have[0] === wanted[0] && have[1] < wanted[1])) {
  console.error(
    `This service needs Node.js ${wanted.join('.')} or newer and runs on ${process.versions.node}. ` +
      'Run "npm ci" first: it installs Node 24 beside the project, and "npm run" and "npm test" then use it. ' +
      'With install scripts switched off (ignore-scripts=true) that Node is missing: allow them for the package "node".',
  )
  process.exit(1)
}
