// Bodies: JSON and JSON merge patches in UTF-8, nothing else; queries: percent-encoded UTF-8. An empty body counts as absent,
// because clients send the content type with every POST; __proto__ and constructor keys are refused.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { problem } from '../../domain/errors.ts'
import { faultReport } from '../../domain/fault-report.ts'
import type { Beyond } from '../../lib/json-outline.ts'
import { type PortionLimits, parseInPortions } from '../../lib/json-portions.ts'
import type { App } from '../app-types.ts'

export const mergePatch = 'application/merge-patch+json'

/** Whatever walks a body recursively would end the stack on one that is nothing but brackets. */
const deepest = 64
const limits: PortionLimits = {
  depth: deepest,
  entries: 5_000,
  fields: 1_000,
  values: 25_000,
  bytes: 5 * 1024 * 1024,
  isEachApart: false,
  longFrom: 512 * 1024,
}
/** The largest document that is valid, of 1,000 lines, has 15,000 values. */
const beyond: Readonly<Record<Beyond['beyond'], readonly [string, string]>> = {
  depth: [`is nested deeper than ${deepest} levels`, 'Send a flatter body.'],
  entries: ['has more than 5,000 entries', 'Send at most 1,000 records, lines or ids in one list.'],
  fields: [
    'has more than 1,000 fields',
    'Send only fields that the API description names, and at most 1,000 in a map of settings.',
  ],
  values: ['has more than 25,000 values', 'Send at most 1,000 lines, and only fields that the API description names.'],
  bytes: ['has more than 5 MiB', 'Send records of at most 5 MiB each; Xero takes 3.5 MB.'],
}

function refused(detail: string, action: string, pointer = '') {
  const errors = faultReport([{ pointer, detail, action }])
  const place = errors[0]?.pointer ? ` at ${errors[0].pointer}` : ''
  return problem('validation_failed', `The body${place} ${detail}.`, { errors })
}

/** JSON, but with names that JavaScript gives a meaning of its own. */
const forbiddenName = () =>
  refused(
    'has a field of the name __proto__, or constructor with prototype in it',
    'Leave the field out, or give it another name.',
  )

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

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
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
  const defaultParser = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', mergePatch],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      if (bytes.length === 0) return undefined
      const parse = (text: string): unknown => {
        let value: unknown
        void defaultParser(request, text, (error, parsed) => {
          if (error) throw isJson(text) ? forbiddenName() : error
          value = parsed
        })
        return value
      }
      const fault = encodingFault(request.headers, bytes)
      if (fault) throw fault
      const isEachApart = request.routeOptions.config.bulk === true
      const parsed = await parseInPortions(bytes, parse, { ...limits, isEachApart })
      if ('beyond' in parsed) throw refused(...beyond[parsed.beyond], parsed.pointer)
      // Fastify hands an absent body on as null, so a null that was sent has to be told apart here.
      if (parsed.value === null) throw refused('is null', 'Send a JSON object.')
      return parsed.value
    },
  )
}
