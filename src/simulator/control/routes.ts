// The control functions over HTTP: POST /_control/{function} with a JSON list of its arguments, or one object when it takes one.
// GET /_control/journal, /counters, /organisations, /users, /connections and /state/{organisation}/{list} read.
import type { FastifyInstance } from 'fastify'
import type { Control } from './control.ts'
import { type StateList, stateLists } from './read-state.ts'

const reading = ['organisations', 'users', 'connections', 'counters', 'pendingFaults', 'underWay'] as const

export function controlRoutes(http: FastifyInstance, control: Control): void {
  for (const name of reading) http.get(`/_control/${name}`, async () => control[name]())

  http.get('/_control/journal', async (request) => {
    const { after, ...filter } = request.query as Record<string, string>
    return control.journal({ ...filter, ...(after === undefined ? {} : { after: Number(after) }) })
  })

  http.get('/_control/state/:organisation/:list', async (request, reply) => {
    const { organisation, list } = request.params as { organisation: string; list: string }
    if (!stateLists.includes(list as StateList)) return reply.code(404).send({ error: `no list ${list}` })
    return control.read(organisation, list as StateList)
  })

  http.post('/_control/:name', async (request, reply) => {
    const { name } = request.params as { name: string }
    const act = Object.hasOwn(control, name) ? control[name as keyof Control] : undefined
    if (!act) return reply.code(404).send({ error: `no control function ${name}` })
    try {
      const body: unknown = request.body ? JSON.parse(String(request.body)) : []
      const oneList = name === 'faults'
      const parameters: unknown[] = Array.isArray(body) && !oneList ? body : [body]
      const result = (act as (...parameters: unknown[]) => unknown)(...parameters)
      return reply.type('application/json').send(JSON.stringify(result ?? { ok: true }))
    } catch (problem) {
      return reply.code(400).send({ error: problem instanceof Error ? problem.message : String(problem) })
    }
  })
}
