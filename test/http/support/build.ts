// An application whose services are stubs, for behaviour that no service takes part in: parsing, routing, headers, the
// document. Whatever depends on a service is tested against the real ones elsewhere.
import { type AppOptions, buildApp } from '../../../src/http/app.ts'
import type { App } from '../../../src/http/app-types.ts'
import { createLogger } from '../../../src/observability/logger.ts'
import type { Services } from '../../../src/services/contract.ts'

export const apiKey = 'xsk_test_company'
export const bootstrapKey = 'xsk_test_bootstrap'
export const connectionId = '01936f5a-7c1e-7b3a-9f4d-2a6b8c0d1e2f'

/** Reaching a service that a test did not provide is a defect of the test, or of the route. */
const absent = (service: string): object =>
  new Proxy(
    {},
    {
      get: (_target, method) => () => Promise.reject(new Error(`not provided: ${service}.${String(method)}`)),
    },
  )

const access: Pick<Services['access'], 'authenticate' | 'wasRight'> = {
  authenticate: async (bearer) =>
    bearer === apiKey
      ? { keyId: 'key-1', companyId: 'acme' }
      : bearer === bootstrapKey
        ? { keyId: 'bootstrap', companyId: null }
        : null,
  wasRight: async (bearer) => [apiKey, bootstrapKey].includes(bearer),
}

export function stubServices(given: { [S in keyof Services]?: Partial<Services[S]> } = {}): Services {
  const names: readonly (keyof Services)[] = [
    'access',
    'connections',
    'connect',
    'settings',
    'records',
    'contacts',
    'reference',
    'queue',
    'jobs',
    'changes',
    'idempotency',
    'health',
  ]
  const withAccess = { ...given, access: { ...access, ...given.access } }
  return Object.fromEntries(names.map((name) => [name, withAccess[name] ?? absent(name)])) as unknown as Services
}

export const buildTestApp = (
  services: Parameters<typeof stubServices>[0] = {},
  options: Partial<AppOptions> = {},
): Promise<App> =>
  buildApp({
    cursorSecret: 'tests',
    services: stubServices(services),
    logger: createLogger({ level: 'silent' }),
    publicUrl: 'https://sync.example.com',
    consent: {
      loginUrl: 'https://login.xero.com',
      identityUrl: 'https://identity.xero.com',
      clientId: 'client',
      clientSecret: 'client-secret',
      scopes: ['offline_access', 'accounting.contacts'],
      timeoutMs: 1000,
    },
    version: '0.1.0',
    ...options,
  })
