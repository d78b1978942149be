// Opaque, versioned list cursors. The digest binds a cursor to its list and filter: a cursor of another list would page
// through the wrong rows without anyone noticing.
import { createHash } from 'node:crypto'

const version = 1
const digestOf = (scope: string): string => createHash('sha256').update(scope).digest('base64url').slice(0, 8)

export function encodeCursor(scope: string, position: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([version, digestOf(scope), ...position])).toString('base64url')
}

/** The position, or null when the cursor is malformed, of another version, or of another list or filter. */
export function decodeCursor(scope: string, cursor: string): (string | number)[] | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return null
  }
  if (!Array.isArray(parsed) || parsed[0] !== version || parsed[1] !== digestOf(scope)) return null
  const position = parsed.slice(2)
  return position.every((value) => typeof value === 'string' || typeof value === 'number') ? position : null
}
