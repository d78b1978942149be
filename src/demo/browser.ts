// The person at the browser: follows the redirects of the consent from the service to Xero and back, with its cookies.

/** Opens the link and follows it to where the consent ends; answers that address. */
export async function walkConsent(authorizationUrl: string, serviceOrigin: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let address = new URL(authorizationUrl)
  for (let hop = 0; hop < 10; hop++) {
    const own = address.origin === serviceOrigin
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(address, { redirect: 'manual', headers: own && cookie ? { cookie } : {} })
    for (const line of own ? answer.headers.getSetCookie() : []) {
      const [name, value] = (line.split(';')[0] ?? '').split(/=(.*)/s)
      if (name) cookies.set(name, value ?? '')
    }
    const next = answer.headers.get('location')
    if (!next) throw new Error(`the consent stopped at ${address.origin}${address.pathname} with ${answer.status}`)
    address = new URL(next, address)
    if (address.searchParams.has('code') && address.pathname !== '/connect/callback') return address
    if (address.searchParams.has('error')) throw new Error(`the consent failed: ${address.searchParams.get('error')}`)
  }
  throw new Error('the consent went in circles')
}
