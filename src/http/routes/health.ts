// Probes. live: the process answers. ready: it can do its work; a load balancer sends no requests otherwise.
import { Type } from 'typebox'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'

const tags = ['Health']
const probe = { public: true, rateLimit: false, probe: true } as const

export const Liveness = Type.Object(
  { status: Type.Enum(['ok'], { description: 'Always ok.' }), version: Type.String({ description: 'Release.' }) },
  { description: 'The process answers.' },
)
export const Readiness = Type.Object(
  {
    ready: Type.Boolean({ description: 'True when requests can be served.' }),
    checks: Type.Record(
      Type.String(),
      Type.Object(
        { ok: Type.Boolean({ description: 'Passed.' }), detail: Type.String({ description: 'What was found.' }) },
        { description: 'One check.' },
      ),
      { description: 'Each check by name.' },
    ),
  },
  { description: 'Whether requests can be served. Xero is not asked.' },
)

const passed = {
  database: { ok: true, detail: 'answers' },
  schema: { ok: true, detail: 'current' },
  encryptionKeys: { ok: true, detail: 'right' },
  draining: { ok: true, detail: 'serving' },
}
const readiness = {
  200: { ready: true, checks: passed },
  503: { ready: false, checks: { ...passed, database: { ok: false, detail: 'does not answer within a second' } } },
}

export function healthRoutes(app: App, { health }: Services, version: string): void {
  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'getLiveness',
        summary: 'Liveness probe',
        description:
          'Answers as long as the process runs. It checks nothing else, so that only a process that hangs is restarted.',
        tags,
        response: { 200: Liveness },
      },
      config: { ...probe, examples: { 200: { status: 'ok', version } } },
    },
    () => ({ status: 'ok' as const, version }),
  )

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Readiness probe',
        description:
          'Checks that the database can be reached, that its schema is current, that the encryption keys are right, and that the service is not being stopped.',
        tags,
        response: { 200: Readiness, 503: Readiness },
      },
      config: { ...probe, examples: readiness },
    },
    async (_request, reply) => {
      const state = await health.ready()
      if (!state.ready) reply.header('retry-after', 5)
      return reply.code(state.ready ? 200 : 503).send(state)
    },
  )
}
