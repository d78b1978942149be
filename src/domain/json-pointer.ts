// JSON pointers (RFC 6901) into a value.

export const escapeKey = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1')

/** A JSON pointer from its parts. */
export const pointer = (...parts: readonly (string | number)[]): string =>
  parts.map((part) => `/${escapeKey(String(part))}`).join('')

/** The parts of a JSON pointer. */
export const pointerParts = (at: string): string[] =>
  at
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
