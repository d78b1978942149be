// The change feed. A reader keeps one number: it asks for what comes after it, works it off, and keeps nextAfter.
import { Type } from 'typebox'
import { Change } from '../../domain/change.ts'
import type { Services } from '../../services/contract.ts'
import type { App } from '../app-types.ts'
import { queryOf } from '../schemas/lists.ts'
import { ConnectionPath } from '../schemas/parameters.ts'

const sequence = (description: string) => Type.Integer({ minimum: 0, description })

export const ChangePage = Type.Object(
  {
    items: Type.Array(Change, { description: 'Changes in the order of their sequence numbers.' }),
    latest: sequence('The highest sequence number there is; 0 before the first change.'),
    nextAfter: sequence('Keep it, and pass it as after the next time.'),
    hasMore: Type.Boolean({ description: 'True when changes after nextAfter exist already.' }),
  },
  { description: 'A piece of the change feed.' },
)

export function changeRoutes(app: App, { changes }: Services): void {
  app.get(
    '/v1/connections/:connectionId/changes',
    {
      schema: {
        operationId: 'listChanges',
        summary: 'Read the change feed',
        description:
          'What imports created, updated and deleted, after a sequence number. Numbers have no gaps and follow commit order: a reader ' +
          'that keeps nextAfter misses nothing and sees nothing twice.',
        tags: ['Changes'],
        params: ConnectionPath,
        querystring: queryOf({
          after: Type.Optional(
            Type.Integer({
              minimum: 0,
              default: 0,
              description: 'nextAfter of the last answer; 0: from the beginning.',
            }),
          ),
          limit: Type.Optional(
            Type.Integer({
              minimum: 1,
              maximum: 200,
              default: 50,
              description:
                'How many changes at most. Where they are long, an answer ends sooner, at about 1 MB; follow hasMore.',
            }),
          ),
        }),
        response: { 200: ChangePage },
      },
    },
    async (request) => {
      const { after = 0, limit = 50 } = request.query
      const { items, latest } = await changes.list(request.companyId, request.params.connectionId, { after, limit })
      const nextAfter = items.at(-1)?.sequence ?? after
      return { items, latest, nextAfter, hasMore: nextAfter < latest }
    },
  )
}
