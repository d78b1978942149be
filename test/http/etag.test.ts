// Conditional requests: what If-Match and If-None-Match mean for a stored version.

import type { FastifyReply } from 'fastify'
import t from 'tap'
import { isKnown, versionFrom } from '../../src/http/etag.ts'

const stored = async () => ({ version: 7 })
const writing = (header?: string) => versionFrom({ headers: { 'if-match': header } }, stored)

t.test('given If-Match, when a write begins, then it is based on the version that the tag names', async (t) => {
  t.equal(await writing('"7"'), 7)
  t.equal(await writing('"6"'), 6, 'a stale one is left to the store, which compares and writes in one step')
  t.equal(await writing('*'), 7)
  t.equal(await writing('"5", "7"'), 7)
})

t.test('given no tag, a weak one or a foreign one, when a write begins, then it is refused', async (t) => {
  await t.rejects(writing(), { code: 'precondition_required', status: 428 })
  for (const header of ['W/"7"', '7', '"abc"', '"5", "6"']) {
    await t.rejects(writing(header), { code: 'precondition_failed', status: 412 }, header)
  }
})

t.test('given If-None-Match, when it names the stored version, then the caller knows it', async (t) => {
  const headers: Record<string, unknown> = {}
  const reply = { header: (name: string, value: unknown) => Object.assign(headers, { [name]: value }) }
  const known = (header?: string) =>
    isKnown({ headers: { 'if-none-match': header } }, reply as unknown as FastifyReply, 7)
  for (const header of ['"7"', 'W/"7"', '"6", "7"', '*']) t.equal(known(header), true, header)
  for (const header of [undefined, '"6"', '7']) t.equal(known(header), false, String(header))
  t.same(headers, { etag: '"7"' })
})
