// The steps of a sign-in, as a browser and a service take them.
import type { Simulator } from '../../../src/simulator/index.ts'
import { answered, type Stage } from './client.ts'

export const redirect = 'http://localhost:9999/callback'
export const scope = 'openid profile email offline_access accounting.contacts accounting.invoices accounting.settings'

export const authorizeUrl = (simulator: Simulator, more: Record<string, string> = {}) =>
  `${simulator.loginUrl}/identity/connect/authorize?${new URLSearchParams({
    response_type: 'code',
    client_id: simulator.clientId,
    redirect_uri: redirect,
    scope,
    state: 'st4te',
    ...more,
  })}`

export const visit = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init })

export const tokenCall = async (simulator: Simulator, form: Record<string, string>, secret = simulator.clientSecret) =>
  answered(
    await fetch(`${simulator.identityUrl}/connect/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${simulator.clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams(form),
    }),
  )

export async function codeOf(simulator: Simulator, more: Record<string, string> = {}): Promise<string> {
  const response = await visit(authorizeUrl(simulator, { simulator_consent: 'allow', ...more }))
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

export const exchange = (simulator: Simulator, code: string, more: Record<string, string> = {}) =>
  tokenCall(simulator, { grant_type: 'authorization_code', code, redirect_uri: redirect, ...more })
export const refresh = (simulator: Simulator, token: string) =>
  tokenCall(simulator, { grant_type: 'refresh_token', refresh_token: token })
export const connections = async ({ simulator }: Stage, token: string, suffix = '') =>
  answered(await fetch(`${simulator.apiUrl}/connections${suffix}`, { headers: { authorization: `Bearer ${token}` } }))
export const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
