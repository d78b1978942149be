// GET and DELETE /connections: which organisations the token's user has joined to the app.
import type { FastifyInstance } from 'fastify'
import { denied } from '../api/answer.ts'
import { connectionStamp } from '../time.ts'
import type { Connection, World } from '../world.ts'
import { readBearer } from './tokens.ts'

const view = (world: World, one: Connection) => ({
  id: one.id,
  authEventId: one.authEventId,
  tenantId: one.tenantId,
  tenantType: 'ORGANISATION',
  tenantName: world.organisations.get(one.tenantId)?.profile.name ?? null,
  createdDateUtc: connectionStamp(one.createdAt),
  updatedDateUtc: connectionStamp(one.updatedAt),
})

export function connectionRoutes(http: FastifyInstance, world: World): void {
  http.get('/connections', async (request, reply) => {
    const bearer = readBearer(world, request.headers.authorization)
    if (bearer.kind !== 'valid') return reply.code(401).send(denied(401, bearer).body)
    const { authEventId } = request.query as { authEventId?: string }
    return [...world.connections.values()]
      .filter((one) => one.userId === bearer.userId && (authEventId === undefined || one.authEventId === authEventId))
      .map((one) => view(world, one))
  })

  http.delete('/connections/:id', async (request, reply) => {
    const bearer = readBearer(world, request.headers.authorization)
    if (bearer.kind !== 'valid') return reply.code(401).send(denied(401, bearer).body)
    const { id } = request.params as { id: string }
    const connection = world.connections.get(id)
    if (connection?.userId === bearer.userId) {
      world.connections.delete(id)
      return reply.code(204).send()
    }
    // A tenant id in place of the connection id is the classic mistake, and Xero answers it differently.
    return world.organisations.has(id) ? reply.code(403).send(denied(403).body) : reply.code(404).send()
  })
}
