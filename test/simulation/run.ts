const { openSimulationDatabase } = await import('./database.ts')
const { simulate } = await import('./simulate.ts')
const database = await openSimulationDatabase()
const [from, to] = (process.argv[2] ?? '1-10').split('-').map(Number)
const verbose = process.argv[3] === '-v'
const t = performance.now()
for (let seed = from ?? 1; seed <= (to ?? from ?? 1); seed++) {
  const t1 = performance.now()
  const o = await simulate(database, seed, verbose)
  if (verbose) console.log(o.lines.join('\n'))
  console.log(
    seed,
    o.mix,
    o.hash,
    Math.round(performance.now() - t1),
    'ms',
    o.figures.queries,
    o.violations.slice(0, 3),
  )
}
console.log((performance.now() - t) / ((to ?? 1) - (from ?? 1) + 1))
process.exit(0)
