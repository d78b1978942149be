// The API's description without a running service: the application is built on services that are never called.
import { buildApp, openapiDocument } from './http/app.ts'
import { createLogger } from './observability/logger.ts'
import type { Services } from './services/contract.ts'
import { version } from './version.ts'

const services = { records: {}, queue: {}, jobs: {}, connections: {} } as Services

/** The text of openapi.yaml; the same routes give the same text. */
export async function describeApi(): Promise<string> {
  const app = await buildApp({
    services,
    logger: createLogger({ level: 'silent' }),
    cursorSecret: 'none',
    publicUrl: 'http://localhost:3000',
    consent: {
      loginUrl: 'https://login.xero.com',
      identityUrl: 'https://identity.xero.com',
      clientId: 'none',
      clientSecret: 'none',
      scopes: [],
      timeoutMs: 1,
    },
    version,
  })
  try {
    await app.ready()
    return openapiDocument(app)
  } finally {
    await app.close()
  }
}
