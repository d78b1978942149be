// Faults of a configuration of which each value has the right form.
import { isIP } from 'node:net'
import { compile } from '@fastify/proxy-addr'

/** The bootstrap key acts for every company, so it must not be guessed. */
const leastApiKeyLength = 32
/** More is not read from a header. */
const mostApiKeyLength = 500

/** Beneath this many different characters it is a pattern, and no secret. */
const leastDifferent = 6

export function apiKeyFaults(key: string): string[] {
  const faults: string[] = []
  if (key.length < leastApiKeyLength) faults.push(`is shorter than ${leastApiKeyLength} characters`)
  else if (new Set(key).size < leastDifferent) faults.push(`has fewer than ${leastDifferent} different characters`)
  if (key.length > mostApiKeyLength) faults.push(`is longer than ${mostApiKeyLength} characters`)
  // As much as a header carries whole; a blank would end it.
  if (!/^[\x21-\x7e]*$/.test(key)) faults.push('has a blank, a control character or a letter outside ASCII')
  if (faults.length === 0) return []
  return [`API_KEY ${faults.join(' and ')}: it acts for every company. Make one with: openssl rand -base64 32`]
}

const isLocal = (url: URL): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) || url.hostname.endsWith('.localhost')

/** A simulator in a container beside this one, or on a machine nearby. */
const isOfOwnNetwork = ({ hostname }: URL): boolean =>
  /^[^.:[]+$/.test(hostname) || /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/.test(hostname)

/** Tokens and codes pass these addresses, so http is for this machine, or for a simulator, alone. */
export function plainHttpFault(name: string, text: string): string | null {
  const url = new URL(text)
  if (url.protocol === 'https:') return null
  if (name === 'PUBLIC_URL') {
    if (url.hostname === 'localhost') return null
    if (isLocal(url)) return `${name}="${text}" is refused by Xero, which takes http for the name localhost alone.`
  } else if (isLocal(url) || isOfOwnNetwork(url)) return null
  const others = name === 'PUBLIC_URL' ? 'localhost' : 'localhost, names without a dot and private addresses'
  return `${name}="${text}" is not encrypted: use https. Only ${others} may be reached over http.`
}

/** Pages and the API reference name each other, and their files, from the root of the host. */
export const pathFault = (name: string, text: string): string | null =>
  name !== 'PUBLIC_URL' || new URL(text).pathname === '/'
    ? null
    : `PUBLIC_URL="${text}" has a path: the service needs a host (or a port) of its own.`

/** A code that ends a consent is handed over there. */
export function returnUrlFault(text: string): string | null {
  const of = `RETURN_URLS has "${text}", `
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) return `${of}which is not an http or https URL.`
  const url = new URL(text)
  if (url.username + url.password !== '') return 'RETURN_URLS may have neither user nor password.'
  if (text.includes('*')) return `${of}which has a wildcard: each URL stands there whole.`
  if (text.includes('#')) return `${of}which has a fragment: leave it out.`
  if (url.protocol === 'http:' && !isLocal(url)) {
    return `${of}which is not encrypted: use https. Only this machine may be reached over http.`
  }
  return null
}

/** Scopes that a sync needs; each in one of its spellings. */
const neededScopes = [
  ['offline_access'],
  ['accounting.contacts'],
  ['accounting.invoices', 'accounting.transactions'],
  ['accounting.settings', 'accounting.settings.read'],
] as const

export function scopeFault(scopes: readonly string[]): string | null {
  const missing = neededScopes.filter((spellings) => !spellings.some((scope) => scopes.includes(scope)))
  if (missing.length === 0) return null
  return `XERO_SCOPES lacks ${missing.map(([scope]) => scope).join(', ')}: without it nothing can be synced.`
}

/** Addresses and networks of proxies. How many proxies there are would not tell who they are. */
export const proxiesOf = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

export const proxyFaults = (entries: readonly string[]): string[] =>
  entries.flatMap((entry) => {
    const isTrue = isNetwork(entry) && isTaken(entry)
    if (isTrue && !isTooWide(entry)) return []
    if (isTrue || /\/0+$/.test(entry)) {
      return [`TRUST_PROXY has "${entry}", which is everybody, or nearly so: name your own proxies.`]
    }
    return [`TRUST_PROXY has "${entry}", which is no address or network, such as "10.0.0.0/8" or loopback.`]
  })

/** No network of one's own is wider: 10.0.0.0/8, fc00::/7. IPv4 may also be written as a part of IPv6. */
function isTooWide(entry: string): boolean {
  const prefix = Number(entry.split('/')[1] ?? 128)
  const trusts = compile(entry)
  const halves = Array.from({ length: 128 }, (_, n) => [`${2 * n}.1.1.1`, `${2 * n + 1}.1.1.1`] as const)
  return (entry.includes(':') && prefix < 7) || halves.some((pair) => pair.every((address) => trusts(address, 0)))
}

/** The judgement of those who read it later: Fastify ends the start for an entry that this library refuses. */
function isTaken(entry: string): boolean {
  try {
    compile(entry)
    return true
  } catch {
    return false
  }
}

const isNetwork = (text: string): boolean => {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
  const [address = '', prefix, ...rest] = text.split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  return (
    most !== undefined &&
    rest.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most))
  )
}

/** Below this another letter is chance; a letter more or less is not. */
const leastNameLength = 6

/** The words of a name, each in the singular. */
const wordsOf = (name: string): string[] =>
  name.split('_').map((word) => word.replace(/IES$/, 'Y').replace(/(?<=..)S$/, ''))

/** The same words in another number, or some of them: RATE_LIMIT. */
function isShortened(name: string, one: string): boolean {
  const [words, whole] = [wordsOf(name), wordsOf(one)]
  if (words.join('_') === whole.join('_')) return true
  return words.length > 1 && words[0] === whole[0] && words.every((word) => whole.includes(word))
}

const isMeant = (name: string, one: string): boolean =>
  (one.length >= leastNameLength || name.length !== one.length || name === one) &&
  (isNear(name, one) || isShortened(name, one))

/**
 * Variables that are set, are none of ours, and differ from one of ours that is not set by one letter, by two that changed places, by
 * capitals, or by words that were left out.
 */
export function misspeltNames(set: Iterable<string>, ours: ReadonlySet<string>): string[] {
  const given = new Set(set)
  const absent = [...ours].filter((name) => !given.has(name))
  return [...given].flatMap((name) => {
    if (ours.has(name)) return []
    const meant = absent.find((one) => isMeant(name.toUpperCase(), one))
    return meant ? `${name} is not a variable of this service: ${meant} is.` : []
  })
}

function isNear(a: string, b: string): boolean {
  if (a === b) return true
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const [restA, restB] = [a.slice(start), b.slice(start)]
  return (
    restA.slice(1) === restB.slice(1) ||
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    (restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2))
  )
}

/** A host may also stand in the query, as the directory of a socket does. */
export function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { hostname, searchParams } = new URL(text)
  return hostname !== '' || searchParams.has('host')
}
