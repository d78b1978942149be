// Bodies: JSON and JSON merge patches, nothing else. An empty body counts as absent, because clients send the content type
// with every POST; __proto__ and constructor keys are refused.
import type { App } from '../app-types.ts'

export const mergePatch = 'application/merge-patch+json'

export function parsers(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json', mergePatch], { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else void parse(request, body as string, done)
  })
}
