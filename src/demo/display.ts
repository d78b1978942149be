// What the demo shows: headings, a progress line that is renewed in place on a terminal, and tables.
import { exportOrder } from '../domain/entity-types.ts'
import type { SyncJob } from '../domain/sync-job.ts'

const isTerminal = process.stdout.isTTY === true
const bold = (text: string): string => (isTerminal ? `\u001b[1m${text}\u001b[0m` : text)

export const heading = (text: string): void => console.log(`\n${bold(text)}`)
export const line = (text: string): void => console.log(`  ${text}`)

/** One line that says where a job stands; on a terminal it replaces the one before. */
export function progress(job: SyncJob, previous: string): string {
  const parts = exportOrder.map((type) => {
    const { queued, sent, unchanged, failed, blocked } = job.progress[type]
    return `${type}s ${sent + unchanged + failed + blocked}/${queued}`
  })
  const waits = job.waitingUntil ? ` until ${job.waitingUntil} (${job.waitingReason})` : ''
  const text = `  ${job.status.padEnd(12)}${waits} ${parts.join(' · ')} · ${job.sentRequests} calls`
  if (text !== previous) process.stdout.write(isTerminal ? `\r\u001b[2K${text}` : `${text}\n`)
  return text
}

export const endOfProgress = (): void => {
  if (isTerminal) process.stdout.write('\n')
}

export function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => String(row[index]).length)),
  )
  const format = (cells: readonly (string | number)[]) =>
    cells
      .map((cell, index) =>
        typeof cell === 'number' ? String(cell).padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
  line(bold(format(columns)))
  for (const row of rows) line(format(row))
}

export const jobTable = (job: SyncJob): void =>
  table(
    ['type', 'sent', 'failed', 'imported', 'calls'],
    [...exportOrder, 'reference' as const].map((type) => {
      const { sent, failed, imported, calls } = job.progress[type]
      return [type, sent, failed, imported, calls]
    }),
  )
