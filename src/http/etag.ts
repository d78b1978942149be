// Optimistic concurrency: a strong ETag is the stored version. A write without If-Match answers 428, with a stale one 412.
import type { FastifyReply } from 'fastify'
import { problem } from '../domain/errors.ts'

interface Conditional {
  readonly headers: { readonly 'if-match'?: string; readonly 'if-none-match'?: string }
}

const etagOf = (version: number): string => `"${version}"`
const tagsOf = (header: string): string[] => header.split(',').map((tag) => tag.trim())

/** The version that a write is based on. "*" and lists of tags are settled against the stored version. */
export async function versionFrom(request: Conditional, stored: () => Promise<{ version: number }>): Promise<number> {
  const header = request.headers['if-match']
  if (!header)
    throw problem('precondition_required', 'A change of settings needs If-Match with the ETag it is based on.')
  const single = /^"(\d{1,15})"$/.exec(header)?.[1]
  if (single) return Number(single)
  const { version } = await stored()
  if (header.trim() === '*' || tagsOf(header).includes(etagOf(version))) return version
  throw problem('precondition_failed', `The stored version is ${etagOf(version)}.`)
}

/** Sets the ETag of what a write left behind. */
export function tagged<T>(reply: FastifyReply, version: number, body: T): T {
  reply.header('etag', etagOf(version))
  return body
}

/** True when the caller has this version already; the answer is then 304 without a body. Sets the ETag either way. */
export function isKnown(request: Conditional, reply: FastifyReply, version: number): boolean {
  reply.header('etag', etagOf(version))
  return isNamed(request.headers['if-none-match'], etagOf(version))
}

/** Whether If-None-Match names what there is; a weak tag is as good as a strong one. */
export function isNamed(header: string | undefined, etag: string): boolean {
  const opaque = (tag: string): string => tag.replace(/^W\//, '')
  const tags = tagsOf(header ?? '').map(opaque)
  return tags.includes('*') || tags.includes(opaque(etag))
}
