// The environment, read once into one frozen Config. Every fault is reported at once, with its remedy. Secrets are a type
// of their own that cannot be printed by accident.

import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { inspect } from 'node:util'
import {
  apiKeyFaults,
  isDatabaseUrl,
  misspeltNames,
  pathFault,
  plainHttpFault,
  proxiesOf,
  proxyFaults,
  returnUrlFault,
  scopeFault,
} from './config-checks.ts'
import { holdsDatabase, keyFile, openDataDir } from './lib/data-dir.ts'
import type { EncryptionKey } from './lib/sealed-box.ts'
import { StartRefused } from './lib/start-refused.ts'

/** A value that shows itself only to those who ask for it by name. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toJSON(): string {
    return '[secret]'
  }
  toString(): string {
    return '[secret]'
  }
  [inspect.custom](): string {
    return '[secret]'
  }
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly publicUrl: string
  readonly database: { readonly url: Secret; readonly poolSize: number } | { readonly directory: string }
  readonly xero: {
    readonly clientId: string
    readonly clientSecret: Secret
    readonly scopes: readonly string[]
    readonly loginUrl: string
    readonly identityUrl: string
    readonly apiUrl: string
    readonly limits: {
      readonly minute: number
      readonly day: number
      readonly concurrent: number
      readonly appMinute: number
    }
    readonly timeoutMs: number
  }
  readonly encryptionKeys: readonly EncryptionKey[]
  readonly apiKey: Secret | null
  readonly returnUrls: readonly string[]
  /** Addresses and networks of proxies whose X-Forwarded headers are believed. */
  readonly trustProxy: readonly string[]
  /** Requests a minute of one company, or of one address without a valid key. */
  readonly rateLimitPerMinute: number
  readonly logLevel: string
  readonly workerConcurrency: number
  readonly runWorker: boolean
  readonly runHttp: boolean
  readonly migrate: boolean
  /** How long requests are answered with 503 before the socket closes. */
  readonly drainMs: number
}

export class ConfigError extends StartRefused {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    const each = [...new Set(faults)]
    super(`The configuration has ${each.length} error(s):\n${each.map((fault) => `  - ${fault}`).join('\n')}`)
    this.faults = each
  }
}

/** Granular scopes: apps created since March 2026 get no others (xero.md, Scopes). */
const defaultScopes =
  'offline_access openid profile email accounting.contacts accounting.invoices accounting.payments accounting.manualjournals accounting.settings'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the environment. Throws ConfigError with every fault. With `existing` nothing is made: the database has to be there. */
export function readConfig(environment: Environment, { existing = false } = {}): Config {
  const faults: string[] = []
  const ours = new Set<string>()
  const given = (name: string): string | undefined => {
    ours.add(name)
    return environment[name]?.trim() || undefined
  }

  const integer = (name: string, fallback: number, least: number, most: number): number => {
    const text = given(name)
    if (text === undefined) return fallback
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    faults.push(`${name}="${text}" is not a whole number from ${least} to ${most}.`)
    return fallback
  }

  const flag = (name: string, fallback: boolean): boolean => {
    const text = given(name)?.toLowerCase()
    if (text === undefined) return fallback
    if (['true', '1', 'yes'].includes(text)) return true
    if (['false', '0', 'no'].includes(text)) return false
    faults.push(`${name}="${text}" is neither true nor false.`)
    return fallback
  }

  const url = (name: string, fallback: string): string => {
    const text = given(name) ?? fallback
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
      faults.push(`${name}="${text}" is not an http or https URL.`)
      return fallback
    }
    const { username, password, search, hash } = new URL(text)
    if (username + password + search + hash !== '') {
      faults.push(`${name} may have neither user, query nor fragment.`)
      return fallback
    }
    const fault = plainHttpFault(name, text) ?? pathFault(name, text)
    if (fault !== null) faults.push(fault)
    return text.replace(/\/+$/, '')
  }

  const port = integer('PORT', 3000, 1, 65_535)
  const databaseUrl = given('DATABASE_URL')
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    faults.push('DATABASE_URL does not begin with postgres:// or postgresql://.')
  } else if (databaseUrl !== undefined && !isDatabaseUrl(databaseUrl)) {
    faults.push(
      'DATABASE_URL is not valid: it needs a host, a port of at most 65535, and a password in percent encoding.',
    )
  }
  const directory = given('DATA_DIR') ?? '.data'
  const clientId = given('XERO_CLIENT_ID')
  const clientSecret = given('XERO_CLIENT_SECRET')
  if (!clientId || !clientSecret) {
    const missing = [clientId ? null : 'XERO_CLIENT_ID', clientSecret ? null : 'XERO_CLIENT_SECRET'].filter(Boolean)
    faults.push(
      `${missing.join(' and ')} missing: create an app at https://developer.xero.com/app/manage and set them, or run "npm run demo" to see the service work without a Xero account.`,
    )
  }
  const logLevel = given('LOG_LEVEL') ?? 'info'
  if (!logLevels.includes(logLevel)) faults.push(`LOG_LEVEL="${logLevel}" is none of ${logLevels.join(', ')}.`)
  const returnUrls = (given('RETURN_URLS') ?? '').split(/[\s,]+/).filter(Boolean)
  faults.push(...returnUrls.flatMap((text) => returnUrlFault(text) ?? []))
  const runHttp = flag('RUN_HTTP', true)
  const runWorker = flag('RUN_WORKER', true)
  if (!runHttp && !runWorker) faults.push('RUN_HTTP and RUN_WORKER are both off: the process would do nothing.')
  if (databaseUrl === undefined && runHttp !== runWorker) {
    faults.push('The embedded database serves one process only: set DATABASE_URL to run HTTP and worker apart.')
  }
  const scopes = (given('XERO_SCOPES') ?? defaultScopes).split(/[\s,]+/)
  const scopeTrouble = scopeFault(scopes)
  if (scopeTrouble !== null) faults.push(scopeTrouble)
  const apiKey = given('API_KEY')
  if (apiKey !== undefined) faults.push(...apiKeyFaults(apiKey))
  const trustProxy = proxiesOf(given('TRUST_PROXY') ?? '')
  faults.push(...proxyFaults(trustProxy))
  const replicas = integer('REPLICAS', 1, 1, 1_000)
  if (databaseUrl === undefined && replicas > 1) {
    faults.push(`REPLICAS=${replicas} needs a PostgreSQL that all of them share: set DATABASE_URL.`)
  }
  const poolSize = integer('DATABASE_POOL_SIZE', 10, 2, 200)
  if (databaseUrl === undefined && given('DATABASE_POOL_SIZE') !== undefined) {
    faults.push('DATABASE_POOL_SIZE is for PostgreSQL alone: set DATABASE_URL, or leave it out.')
  }
  const keys = given('ENCRYPTION_KEYS')
  if (keys === undefined && databaseUrl !== undefined) {
    faults.push(
      'ENCRYPTION_KEYS is missing: tokens are never stored in plain text. Make one with: echo "k1:$(openssl rand -base64 32)"',
    )
  }
  const config: Config = {
    host: given('HOST') ?? '0.0.0.0',
    port,
    publicUrl: url('PUBLIC_URL', `http://localhost:${port}`),
    database: databaseUrl ? { url: new Secret(databaseUrl), poolSize } : { directory },
    xero: {
      clientId: clientId ?? '',
      clientSecret: new Secret(clientSecret ?? ''),
      scopes,
      loginUrl: url('XERO_LOGIN_URL', 'https://login.xero.com'),
      identityUrl: url('XERO_IDENTITY_URL', 'https://identity.xero.com'),
      apiUrl: url('XERO_API_URL', 'https://api.xero.com'),
      limits: {
        minute: integer('XERO_MINUTE_LIMIT', 60, 1, 100_000),
        day: integer('XERO_DAY_LIMIT', 5_000, 1, 10_000_000),
        concurrent: integer('XERO_CONCURRENT_LIMIT', 5, 1, 1_000),
        appMinute: integer('XERO_APP_MINUTE_LIMIT', 10_000, 61, 10_000_000),
      },
      timeoutMs: integer('XERO_TIMEOUT_MS', 30_000, 100, 45_000),
    },
    encryptionKeys: keys === undefined ? [] : readKeys(keys, faults),
    apiKey: apiKey === undefined ? null : new Secret(apiKey),
    returnUrls,
    trustProxy,
    rateLimitPerMinute: integer('RATE_LIMIT_PER_MINUTE', 3_000, 1, 1_000_000),
    logLevel,
    workerConcurrency: integer('WORKER_CONCURRENCY', 4, 1, 100),
    runWorker,
    runHttp,
    migrate: flag('MIGRATE_ON_START', true),
    drainMs: integer('DRAIN_MS', 5_000, 0, 30_000),
  }
  faults.push(...misspeltNames(Object.keys(environment), ours))
  if (faults.length > 0) throw new ConfigError(faults)
  if (existing && databaseUrl === undefined && !holdsDatabase(directory)) {
    throw new StartRefused(
      `DATA_DIR (${resolve(directory)}) holds no database: set it to the directory that the service runs with.`,
    )
  }
  // Only now, because it may make a file: a faulty start leaves nothing behind.
  const encryptionKeys = keys === undefined ? keyBeside(directory, faults) : config.encryptionKeys
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({ ...config, encryptionKeys })
}

/**
 * `ENCRYPTION_KEYS` is `id:base64 of 32 bytes`, several separated by commas; the first one seals. The embedded database may
 * do without: a key is made beside it at the first start.
 */
function readKeys(text: string, faults: string[]): EncryptionKey[] {
  const seen = new Set<string>()
  return text.split(',').flatMap((entry) => {
    const [id, encoded] = entry.trim().split(/:(.*)/s)
    const key = Buffer.from(encoded ?? '', 'base64')
    if (id && /^[A-Za-z0-9_-]{1,32}$/.test(id) && key.length === 32) {
      if (seen.has(id)) faults.push(`ENCRYPTION_KEYS names ${id} twice: each key has an id of its own.`)
      seen.add(id)
      return { id, key }
    }
    faults.push('ENCRYPTION_KEYS has an entry that is not "id:base64 of 32 bytes" (id: letters, digits, - and _).')
    return []
  })
}

function keyBeside(directory: string, faults: string[]): EncryptionKey[] {
  const path = join(directory, keyFile)
  openDataDir(directory)
  if (!existsSync(path)) {
    writeFileSync(path, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' })
  }
  const file = statSync(path)
  if (file.isFile() && (file.mode & 0o077) !== 0) chmodSync(path, 0o600)
  const wrong: string[] = []
  const keys = readKeys(file.isFile() ? readFileSync(path, 'utf8').trim() : '', wrong)
  if (wrong.length > 0) {
    faults.push(
      `${path} holds no encryption key: put it back from a backup of DATA_DIR, with the key that the stored tokens are sealed under.`,
    )
  }
  return keys
}
