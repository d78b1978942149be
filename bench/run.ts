// `npm run bench [-- --write] [-- name…]`: runs the benchmarks and prints ratios; --write puts them into docs/benchmarks.md.
import { writeFileSync } from 'node:fs'
import tap from 'tap'
import { commandLine } from '../src/lib/command-line.ts'
import { turnsOfABacklog } from './backlog.ts'
import { callsOfJobs } from './calls.ts'
import { claiming } from './claim.ts'
import { handingOver } from './intake.ts'
import { readPage } from './read-page.ts'
import type { Figure } from './support.ts'

// What benchmarks share with the tests brings tap with it, whose patience ends after 30 seconds.
tap.setTimeout(0)

const benchmarks = {
  'read-page': readPage,
  intake: handingOver,
  calls: callsOfJobs,
  claim: claiming,
  backlog: turnsOfABacklog,
}

const { positionals: chosen, values } = commandLine({
  usage: `Usage: npm run bench -- [--write] [names…]
  Runs the benchmarks, or only those of these names: ${Object.keys(benchmarks).join(', ')}.
  --write  writes docs/benchmarks.md`,
  options: { write: { type: 'boolean' } },
  words: [0, Number.POSITIVE_INFINITY],
})
const unknown = chosen.find((name) => !Object.hasOwn(benchmarks, name))
if (unknown !== undefined) {
  console.error(`Unknown benchmark '${unknown}'; --help shows what is known.`)
  process.exit(1)
}
const sections: string[] = []
const table = (figures: readonly Figure[]): string =>
  [
    '| what | figure | meaning |',
    '|---|---|---|',
    ...figures.map((one) => `| ${one.what} | ${one.value} | ${one.meaning} |`),
  ].join('\n')

for (const [name, { title, method, run }] of Object.entries(benchmarks)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  const start = performance.now()
  const figures = await run()
  console.log(`\n${title} (${((performance.now() - start) / 1000).toFixed(0)} s)`)
  for (const { what, value } of figures) console.log(`  ${what.padEnd(52)} ${value}`)
  sections.push(`## ${title}\n\n${method}\n\n${table(figures)}\n`)
}

if (values.write) {
  const date = new Date().toISOString().slice(0, 10)
  writeFileSync(
    'docs/benchmarks.md',
    `# Benchmarks

Measured on ${date} with Node ${process.versions.node} by \`npm run bench -- --write\`; [bench/README.md](../bench/README.md) says how. Ratios and counts
only: absolute times say more about a machine than about the code. Ratios of times move by a fifth from run to run.

${sections.join('\n')}`,
  )
  console.log('\nwritten: docs/benchmarks.md')
}
process.exit(0)
