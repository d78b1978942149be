// An outcome in one line, so that a table of answers reads as a table.
import type { ElementResult, Outcome } from '../../../src/accounting/provider.ts'

const result = (value: unknown): string => {
  const one = value as ElementResult
  return one?.kind === 'rejected' ? `rejected ${one.error.code}` : (one?.kind ?? 'value')
}

export function inWords(outcome: Outcome<unknown>): string {
  if (outcome.kind === 'unknown') return `unknown ${outcome.error.code}`
  if (outcome.kind === 'ok') {
    const { value } = outcome
    if (Array.isArray(value)) return `ok ${value.map(result).join(', ')}`.trim()
    return `ok ${result(value)}`
  }
  const { refusal } = outcome
  if (refusal.reason === 'throttled') return `refused ${refusal.limit} ${refusal.retryAfterSeconds ?? '-'}`
  return 'error' in refusal && refusal.reason === 'rejected'
    ? `refused rejected ${refusal.error.code}`
    : `refused ${refusal.reason}`
}
