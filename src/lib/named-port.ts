import { StartRefused } from './start-refused.ts'

/** The port that a variable names; null where it names none. Throws StartRefused. */
export function namedPort(variable: string, text: string | undefined, least: 0 | 1): number | null {
  if (text === undefined || text === '') return null
  const port = Number(text)
  if (/^\d+$/.test(text) && port >= least && port <= 65_535) return port
  throw new StartRefused(`${variable} is "${text}"; it must be a whole number from ${least} to 65535.`)
}
