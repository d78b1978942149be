// What the violations of a schedule mean for the books: documents that stand in Xero twice, that were lost, or whose end is open.
const count = (violations: readonly string[], pattern: RegExp): number =>
  violations.filter((violation) => pattern.test(violation)).length

export interface Breaches {
  duplicates: number
  /** What should stand in Xero does not, or what should not stands there without being known. */
  lost: number
  unfinished: number
}

export function addBreaches(tally: Breaches, violations: readonly string[]): void {
  tally.duplicates += count(violations, /^I1:/)
  tally.lost += count(violations, /^I(2: (it stands|it is deleted|it was never|the record is)|3|11)/)
  tally.unfinished += count(violations, /^(I14|I2: it is still|I2: it ended)|come to rest/)
}
