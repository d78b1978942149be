// `npm run test:processes`: takeover, pause, SIGTERM, a stopped PostgreSQL and a killed process on the embedded database, with real
// processes in real time: about ten minutes.
import { commandLine } from '../../src/lib/command-line.ts'
import { findBinaries, startCluster } from '../support/postgres-cluster.ts'
import { proofs } from './proofs.ts'

commandLine({
  usage: `Usage: npm run test:processes
  Takeover, pause, SIGTERM and stopped databases with real processes, for about ten minutes.`,
  options: {},
})
const binaries = findBinaries()
const cluster = binaries ? await startCluster(binaries, { durable: true }) : null
if (!cluster) {
  console.log('skipped: no PostgreSQL is installed here')
} else {
  try {
    for await (const { what, seconds, atMost } of proofs(cluster)) {
      const isKept = seconds <= atMost
      console.log(`${isKept ? 'kept  ' : 'BROKEN'} ${seconds.toFixed(1).padStart(5)} s of ${atMost} s: ${what}`)
      if (!isKept) process.exitCode = 1
    }
  } finally {
    cluster.stop()
  }
}
