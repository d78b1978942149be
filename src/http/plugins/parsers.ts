// Bodies: JSON and JSON merge patches in UTF-8, nothing else; queries: percent-encoded UTF-8. An empty body counts as absent,
// because clients send the content type with every POST; __proto__ and constructor keys are refused.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { problem } from '../../domain/errors.ts'
import type { App } from '../app-types.ts'

export const mergePatch = 'application/merge-patch+json'

/** Whatever walks a body recursively would end the stack on one that is nothing but brackets. */
const deepest = 64

const isDeeper = (value: unknown, levels: number): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))

const refused = (detail: string, action: string) =>
  problem('validation_failed', `The body ${detail}.`, { errors: [{ pointer: '', detail, action }] })

/** Fastify hands an absent body on as null, so a null that was sent has to be told apart here. */
function faultOf(value: unknown): Error | null {
  if (value === null) return refused('is null', 'Send a JSON object.')
  if (isDeeper(value, deepest)) return refused(`is nested deeper than ${deepest} levels`, 'Send a flatter body.')
  return null
}

/** A body in another encoding would be stored as something that nobody sent. */
function encodingFault(headers: IncomingHttpHeaders, body: Buffer): Error | null {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers['content-type'] ?? '') ?? []
  if (!/^utf-?8$/i.test(charset)) {
    return problem('unsupported_media_type', `The body is said to be in ${charset}; JSON is read in UTF-8 only.`, {
      action: 'Send the body in UTF-8, and leave charset out of Content-Type.',
    })
  }
  const encoding = headers['content-encoding'] ?? 'identity'
  if (!/^\s*(identity)?\s*$/i.test(encoding)) {
    return problem('unsupported_media_type', `The body is said to be encoded as ${encoding}, which is not decoded.`, {
      action: 'Send the body as it is, without Content-Encoding.',
    })
  }
  return isUtf8(body) ? null : problem('not_utf8', 'The body has bytes that are not UTF-8.')
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

export function parsers(app: App): void {
  // A value that cannot be decoded would count as the text that it stands in.
  app.addHook('preValidation', async ({ url, routeOptions }) => {
    if (routeOptions.schema?.querystring === undefined) return
    const [, query = ''] = /\?([^#]*)/.exec(url) ?? []
    if (!isDecodable(query)) throw problem('invalid_request', 'The query is not percent-encoded UTF-8.')
  })
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', mergePatch], { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer
    if (bytes.length === 0) return done(null, undefined)
    const fault = encodingFault(request.headers, bytes)
    if (fault) return done(fault)
    void parse(request, bytes.toString('utf8'), (error, value) => done(error ?? faultOf(value), value))
  })
}
