// The application's type, and what our plugins add to Fastify's requests and routes.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ProblemCode } from '../domain/errors.ts'
import type { Principal } from '../services/contract.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on public routes and before authentication. */
    principal: Principal | null
    /** The company that the request acts for. */
    companyId: string
    /** As companyId, but null when the bootstrap key asks for all companies. Only routes with `everyCompany` use it. */
    companyFilter: string | null
  }
  interface FastifyContextConfig {
    /** Open without a key. Every other route is closed. */
    public?: boolean
    /** May be asked with the bootstrap key for all companies at once. */
    everyCompany?: boolean
    /** A question whether the process is in order: answered while it is being stopped, too. */
    probe?: boolean
    /** A browser reads the answer: faults become a page where the browser asks for one. */
    page?: boolean
    /** A creating POST that honours Idempotency-Key. */
    idempotent?: boolean
    /** Takes many records in one body, each of which is held to the limits of a body for itself. */
    bulk?: boolean
    /** Problems of its own, besides those that follow from its shape (see openapi/problems-of.ts). */
    problems?: readonly ProblemCode[]
    /** Answers by status that are shown in the document, where one made from the schema would not tell the truth. */
    examples?: Readonly<Record<string, unknown>>
  }
}
