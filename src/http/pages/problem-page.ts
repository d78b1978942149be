// A problem as a page: what happened and what to do, for the person whose browser came to a page of a consent, or to what is left of
// the address of one.
import type { FastifyRequest } from 'fastify'
import type { ProblemError } from '../../domain/errors.ts'
import { isOfConsent } from '../shown-path.ts'
import { escapeHtml, page } from './html.ts'

/** Browsers ask for text/html by name; scripts that accept anything get the problem document. */
export const wantsPage = (request: FastifyRequest): boolean =>
  isOfConsent(request) && (request.headers.accept ?? '').includes('text/html')

interface Words {
  readonly title: string
  readonly detail: string
  readonly advice: string
}

const startAgain = 'go back to your inventory product and start the connection there again.'

const inTime = (seconds: number): string => {
  if (seconds > 60) return `${Math.ceil(seconds / 60)} minutes`
  if (seconds === 60) return 'a minute'
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}

/**
 * Words for a person who knows nothing of parameters and limits: what happened, whose doing it is, and what to do. The
 * problem's own words are for a developer or operator, and never shown.
 */
function wordsFor({ code, status }: ProblemError, secondsToWait: number | undefined): Words {
  if (code === 'too_many_requests')
    return {
      title: 'Please wait a moment',
      detail:
        'Too many requests came from your network in a short time, perhaps from somebody else in it. You did nothing wrong.',
      advice: `Wait ${inTime(secondsToWait ?? 60)} and reload this page. Your link is still good.`,
    }
  if (code === 'invalid_request' || code === 'route_not_found')
    return {
      title: 'This address is not complete',
      detail:
        'The link was cut off or changed on its way here, as some mail programs do. Neither you nor your inventory product did anything wrong.',
      advice: `Open the whole link as you received it. If that does not help: ${startAgain}`,
    }
  if (code === 'connect_session_invalid')
    return {
      title: 'This link no longer works',
      detail:
        'A link works once, in one browser and for a few minutes. This one was opened before, has expired, or was continued in another browser.',
      advice: `Please ${startAgain}`,
    }
  // A person can do nothing about an error of the service, but to come again later.
  if (status >= 500)
    return {
      title: 'This service is not available at present',
      detail: 'This is an error of the service, not yours.',
      advice: 'Please try again in a few minutes; nothing is lost.',
    }
  return {
    title: 'This page cannot be shown',
    detail: 'The address does not lead to a page that can be opened in a browser.',
    advice: `Please ${startAgain}`,
  }
}

export function problemPage(fault: ProblemError, requestId: string, secondsToWait?: number): string {
  const { title, detail, advice } = wordsFor(fault, secondsToWait)
  return page(
    title,
    `<p>${escapeHtml(detail)}</p>
<p>${escapeHtml(advice)}</p>
<p><small>${escapeHtml(fault.code)} · request ${escapeHtml(requestId)}</small></p>`,
  )
}
