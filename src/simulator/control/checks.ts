// The options of control functions are checked by name: a misspelt one would leave the simulator as it was, and the test that set it blind.
import { faultKinds } from '../faults.ts'
import type { Weather } from '../weather.ts'

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function requireNames(
  what: string,
  given: unknown,
  known: readonly string[],
): asserts given is Record<string, unknown> {
  if (!isObject(given)) throw new Error(`${what} takes an object`)
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`no "${unknown}" of ${what}: ${known.join(', ')}`)
}

export function requireNumber(what: string, value: unknown, most = Number.POSITIVE_INFINITY): void {
  if (typeof value === 'number' && value >= 0 && value <= most) return
  throw new Error(`${what} is no number from 0${most === Number.POSITIVE_INFINITY ? '' : ` to ${most}`}`)
}

export function requireLimits(limits: unknown, known: readonly string[]): void {
  requireNames('limits', limits, known)
  for (const [name, value] of Object.entries(limits)) if (value !== undefined) requireNumber(`limits.${name}`, value)
}

const areas = ['api', 'writes', 'identity'] as const
const longest = ['longestDelayMs', 'latestArrivalMs', 'longestRetryAfter'] as const

export function requireWeather(weather: Weather): void {
  requireNames('weather', weather, ['seed', ...areas, ...longest])
  if (typeof weather.seed !== 'number') throw new Error('weather.seed is no number')
  for (const name of longest) if (weather[name] !== undefined) requireNumber(`weather.${name}`, weather[name])
  for (const area of areas) {
    const chances: unknown = weather[area]
    if (chances === undefined) continue
    requireNames(`weather.${area}`, chances, Object.keys(faultKinds))
    for (const [kind, chance] of Object.entries(chances))
      if (chance !== undefined) requireNumber(`weather.${area}.${kind}`, chance, 1)
  }
}
