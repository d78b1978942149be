// Consents of the model of Xero: every refresh rotates the refresh token, and the old one goes on working for 30 minutes
// (xero.md, Tokens). Only a revoked consent, or a token that is older than that, is refused.
import type { RefreshOutcome, Tokens } from '../../../src/accounting/provider.ts'

const graceMs = 30 * 60_000
const accessLifeSeconds = 1_800

export interface Consent {
  readonly user: string
  readonly organisations: Set<string>
  revoked: boolean
}

export interface Identity {
  consent(user: string, organisations: readonly string[]): Tokens
  refresh(refreshToken: string): RefreshOutcome
  /** The consent behind a live access token. */
  holder(accessToken: string): Consent | 'expired'
  revoke(user: string): void
  consentOfUser(user: string): Consent | null
  /** Refused although nobody revoked it: somebody lost a token. */
  readonly lostTokens: string[]
}

interface Family {
  readonly consent: Consent
  /** Refresh tokens and when they were replaced; null while they are not. */
  readonly refreshTokens: Map<string, number | null>
}

export function identity(now: () => number, reached: (what: string) => void): Identity {
  const families = new Map<string, Family>()
  const access = new Map<string, { consent: Consent; until: number }>()
  const lostTokens: string[] = []
  let issued = 0

  function issue({ consent, refreshTokens }: Family): Tokens {
    issued += 1
    const tokens = { accessToken: `secret-access-${issued}`, refreshToken: `secret-refresh-${issued}` }
    refreshTokens.set(tokens.refreshToken, null)
    access.set(tokens.accessToken, { consent, until: now() + accessLifeSeconds * 1000 })
    return { ...tokens, expiresIn: accessLifeSeconds, scopes: ['offline_access'] }
  }

  return {
    lostTokens,
    consent(user, organisations) {
      const family = {
        consent: { user, organisations: new Set(organisations), revoked: false },
        refreshTokens: new Map(),
      }
      families.set(user, family)
      return issue(family)
    },
    refresh(refreshToken) {
      const family = [...families.values()].find(({ refreshTokens }) => refreshTokens.has(refreshToken))
      if (!family || family.consent.revoked) return { kind: 'invalid_grant' }
      const replacedAt = family.refreshTokens.get(refreshToken) ?? null
      if (replacedAt !== null && now() > replacedAt + graceMs) {
        lostTokens.push(family.consent.user)
        return { kind: 'invalid_grant' }
      }
      if (replacedAt !== null) reached('refresh by grace')
      // Whatever was handed out before is replaced now; the one that came keeps the time of its first use.
      for (const [token, at] of family.refreshTokens) family.refreshTokens.set(token, at ?? now())
      return { kind: 'ok', tokens: issue(family) }
    },
    holder(accessToken) {
      const found = access.get(accessToken)
      return found && found.until > now() && !found.consent.revoked ? found.consent : 'expired'
    },
    revoke(user) {
      const family = families.get(user)
      if (family) family.consent.revoked = true
    },
    consentOfUser: (user) => families.get(user)?.consent ?? null,
  }
}
