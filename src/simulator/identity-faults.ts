// The same faults for login and connections (a lost answer to a refresh is the classic). Only plans that name a path strike
// here, so that a plan for any API call does not hit the token endpoint.

import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { AskedFor } from './answer-fault.ts'
import { type Fault, type FaultKind, faultyAnswer, stageOf, takeFault } from './faults.ts'
import { drawFault } from './weather.ts'
import type { World } from './world.ts'

/** Of the API only: they are about an organisation. */
const notHere: FaultKind[] = ['late_arrival', 'disconnect']

const askedFor = (request: FastifyRequest): AskedFor => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const bodyText = typeof request.body === 'string' ? request.body : ''
  return { method: request.method, path: pathname, query: searchParams, bodyText }
}

export function identityFaults(http: FastifyInstance, world: World): void {
  const struck = new WeakMap<FastifyRequest, Fault>()
  const concerns = (request: FastifyRequest) => !/^\/(api\.xro|_control)\//.test(request.url)

  http.addHook('preHandler', async (request, reply) => {
    if (!concerns(request)) return
    const path = request.url.split('?')[0] ?? ''
    const named = world.faults.filter((one) => one.path !== undefined && !notHere.includes(one.kind))
    const fault =
      takeFault(named, { method: request.method, path }) ??
      (path === '/connect/token' ? drawFault(world.weather, 'identity') : undefined)
    if (!fault || notHere.includes(fault.kind)) return
    if (stageOf(fault) === 'after') {
      struck.set(request, fault)
      return
    }
    if (fault.kind === 'slow') return void (await wait(fault.delayMs ?? 0))
    const answer = faultyAnswer(fault, undefined, askedFor(request))
    if (answer?.lost) {
      reply.hijack()
      request.raw.socket.destroy()
      return
    }
    return reply
      .code(answer?.status ?? 500)
      .headers(answer?.headers ?? {})
      .type(answer?.contentType ?? 'application/json')
      .send(answer?.raw ?? JSON.stringify(answer?.body ?? {}))
  })

  http.addHook('onSend', async (request, reply, payload) => {
    const fault = struck.get(request)
    if (!fault) return payload
    if (fault.kind === 'slow') {
      await wait(fault.delayMs ?? 0)
      return payload
    }
    const real = { status: reply.statusCode, raw: String(payload ?? '') }
    const answer = faultyAnswer(fault, real, askedFor(request))
    if (answer?.lost) {
      request.raw.socket.destroy()
      return ''
    }
    reply.code(answer?.status ?? 500)
    if (answer?.contentType !== undefined) reply.type(answer.contentType)
    return answer?.raw ?? JSON.stringify(answer?.body ?? {})
  })
}
