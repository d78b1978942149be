// A problem as a page: what happened and what to do, for the person whose browser came to one of our browser routes.
import type { FastifyRequest } from 'fastify'
import type { ProblemError } from '../../domain/errors.ts'
import { escapeHtml, page } from './html.ts'

/** Browsers ask for text/html by name; scripts that accept anything get the problem document. */
export const wantsPage = (request: FastifyRequest): boolean =>
  request.routeOptions.config?.page === true && (request.headers.accept ?? '').includes('text/html')

/** A person can do nothing about a fault of the service, but to come again later. */
const adviceOf = ({ status }: ProblemError): string =>
  status >= 500
    ? 'This is an error of the service, not yours. Please try again in a few minutes; nothing is lost.'
    : 'Please go back to your inventory product and start the connection there again.'

export const problemPage = (fault: ProblemError, requestId: string): string =>
  page(
    fault.title,
    `<p>${escapeHtml(fault.detail)}</p>
<p>${adviceOf(fault)}</p>
<p><small>${escapeHtml(fault.code)} · request ${escapeHtml(requestId)}</small></p>`,
  )
