// Ids are UUIDv7, made here and not in the database: PostgreSQL 15 has no uuidv7(), and time-ordered ids keep the indexes
// of the busiest tables dense and serve as keyset cursors.
import { randomBytes } from 'node:crypto'

export type NewId = () => string

/** One generator a process. Ids of one millisecond are ordered by a counter, so that they sort as they were made. */
export function idGenerator(now: () => number): NewId {
  let last = 0
  let counter = 0
  return () => {
    const time = Math.max(now(), last)
    counter = time === last ? counter + 1 : randomBytes(1).readUInt8()
    last = counter > 0xfff ? time + 1 : time
    counter = counter > 0xfff ? 0 : counter
    const bytes = randomBytes(16)
    bytes.writeUIntBE(last, 0, 6)
    bytes.writeUInt16BE(0x7000 | counter, 6)
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
    const hex = bytes.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
