// Ids: random ones for what is created while it runs, and ids derived from names for the seed, so that a restarted demo
// organisation keeps the ids that a connected service already stored.
import { createHash, randomUUID } from 'node:crypto'

export const zeroId = '00000000-0000-0000-0000-000000000000'
export const newId = () => randomUUID()

export function idFromName(...names: string[]): string {
  const hex = createHash('sha256').update(names.join(' ')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const isId = (value: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
