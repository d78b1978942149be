// The accounting system's own connections, which a person's consent makes: removed there when ours ends.
import type { AccountingProvider } from '../accounting/provider.ts'
import { problem } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import { callProblem } from './call-problem.ts'
import type { TokenService } from './tokens.ts'

export function remoteRemover(deps: { clock: Clock; provider: AccountingProvider; tokens: TokenService }) {
  const { clock, provider, tokens } = deps
  /** A consent that was lost has nothing left to remove. */
  return async function removeAtXero(tokenSetId: string, remoteConnectionId: string): Promise<void> {
    for (const isLast of [false, true]) {
      const access = await tokens.access(tokenSetId)
      if (access.kind === 'wait') throw callProblem(access, clock.now())
      if (access.kind === 'reconnect') return
      const removed = await provider.removeConnection(access.accessToken, remoteConnectionId)
      if (removed.kind === 'unknown') throw callProblem(removed, clock.now())
      if (removed.kind === 'refused' && removed.refusal.reason === 'throttled') {
        throw problem('xero_throttled', `Xero's ${removed.refusal.limit} limit is reached; nothing was disconnected.`)
      }
      if (removed.kind === 'ok' || removed.refusal.reason !== 'token_expired' || isLast) return
      await tokens.expire(tokenSetId, access.version)
    }
  }
}
