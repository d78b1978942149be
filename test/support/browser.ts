// A browser on its way through a consent, step by step, so that a test can stop, repeat or swap any of them.
import type { House } from '../../src/house.ts'
import type { Answer, World } from './house.ts'

export interface Browser {
  /** Opens the link; returns Xero's consent page. */
  open(authorizationUrl: string): Promise<URL>
  /** Answers the consent page as the simulator was told to; returns the callback. */
  consent(page: URL): Promise<URL>
  /** Follows an address of the service, with the cookies that it set. */
  follow(url: URL | string, headers?: Readonly<Record<string, string>>): Promise<Answer<string>>
  /** open and consent. */
  toCallback(authorizationUrl: string): Promise<URL>
}

export function openBrowser({ send }: Pick<World, 'send'>, house?: House): Browser {
  const cookies = new Map<string, string>()

  async function follow(url: URL | string, headers = {}): Promise<Answer<string>> {
    const { pathname, search } = new URL(url)
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    const sent = { ...(cookie && { cookie }), ...headers }
    const answer = await send<string>('GET', pathname + search, { headers: sent, house })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [name = '', value = ''] = String(line).split(';')[0]?.split('=') ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }

  async function open(authorizationUrl: string): Promise<URL> {
    const answer = await follow(authorizationUrl)
    if (answer.status !== 302) throw new Error(`the link answered ${answer.status}: ${answer.text}`)
    return new URL(String(answer.headers.location))
  }

  async function consent(page: URL): Promise<URL> {
    const answer = await fetch(page, { redirect: 'manual' })
    const location = answer.headers.get('location')
    if (answer.status !== 302 || !location) throw new Error(`the consent page answered ${answer.status}`)
    return new URL(location)
  }

  return { open, consent, follow, toCallback: async (authorizationUrl) => consent(await open(authorizationUrl)) }
}

/** Where a redirect leads. */
export const locationOf = (answer: Answer<string>): URL => new URL(String(answer.headers.location))
