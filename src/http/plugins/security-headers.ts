// Headers that browsers heed. Our own pages need no script and no outside address, so nothing else is allowed; the pages
// under /docs bring a policy of their own.
import helmet from '@fastify/helmet'
import type { App } from '../app-types.ts'
import { isOfConsent } from '../shown-path.ts'

export async function securityHeaders(app: App, publicUrl: string): Promise<void> {
  const https = publicUrl.startsWith('https://')
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        imgSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https && { maxAge: 31_536_000, includeSubDomains: false },
  })
  app.addHook('onSend', async (request, reply) => {
    const { config } = request.routeOptions
    // A consent may run in a window that the product opened: any stricter policy, also of a redirect, parts the two.
    if (isOfConsent(request)) reply.header('cross-origin-opener-policy', 'unsafe-none')
    // A company's data stays in no cache on its way.
    if (config?.public !== true && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}
