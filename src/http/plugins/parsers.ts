// Bodies: JSON and JSON merge patches in UTF-8, nothing else; queries: percent-encoded UTF-8. An empty body counts as absent,
// because clients send the content type with every POST; __proto__ and constructor keys are refused.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { problem } from '../../domain/errors.ts'
import { type Parsed, type PortionLimits, parseInPortions } from '../../lib/json-portions.ts'
import type { App } from '../app-types.ts'

export const mergePatch = 'application/merge-patch+json'

/** Whatever walks a body recursively would end the stack on one that is nothing but brackets. */
const deepest = 64

/** Bytes of a body that is parsed at once; a longer one takes so long that it is parsed in portions. */
const longAbove = 512 * 1024
const limits: PortionLimits = { depth: deepest, elements: 5_000, bytes: 5 * 1024 * 1024 }
const beyond: Readonly<Record<keyof PortionLimits, readonly [string, string]>> = {
  depth: [`is nested deeper than ${deepest} levels`, 'Send a flatter body.'],
  elements: [`has lists of more than ${limits.elements} entries`, 'Send at most 1,000 records in one request.'],
  bytes: ['has an entry of more than 5 MiB', 'Send records of at most 5 MiB each; Xero takes 3.5 MB.'],
}

const isDeeper = (value: unknown, levels: number): boolean =>
  value !== null &&
  typeof value === 'object' &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))

const refused = (detail: string, action: string) =>
  problem('validation_failed', `The body ${detail}.`, { errors: [{ pointer: '', detail, action }] })

function parsedAtOnce(bytes: Buffer, parse: (text: string) => unknown): Parsed {
  const value = parse(bytes.toString('utf8'))
  return isDeeper(value, deepest) ? { beyond: 'depth' } : { value }
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
          if (error) throw error
          value = parsed
        })
        return value
      }
      const fault = encodingFault(request.headers, bytes)
      if (fault) throw fault
      const parsed = bytes.length > longAbove ? await parseInPortions(bytes, parse, limits) : parsedAtOnce(bytes, parse)
      if ('beyond' in parsed) throw refused(...beyond[parsed.beyond])
      // Fastify hands an absent body on as null, so a null that was sent has to be told apart here.
      if (parsed.value === null) throw refused('is null', 'Send a JSON object.')
      return parsed.value
    },
  )
}
