// Bodies: JSON and JSON merge patches, nothing else. An empty body counts as absent, because clients send the content type
// with every POST; __proto__ and constructor keys are refused.
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

export function parsers(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', mergePatch], { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parse(request, body as string, (error, value) => done(error ?? faultOf(value), value))
  })
}
