// Pages that a browser asks for by itself: the root, and the icon of its tab. Neither is part of the API.
import type { App } from '../app-types.ts'
import { homePage } from '../pages/home-page.ts'
import { icon } from '../pages/html.ts'

export function homeRoutes(app: App, version: string): void {
  const open = { config: { public: true }, schema: { hide: true } }
  const home = homePage(version)
  app.get('/', open, async (_request, reply) => reply.type('text/html; charset=utf-8').send(home))
  app.get('/favicon.ico', open, async (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(icon),
  )
}
