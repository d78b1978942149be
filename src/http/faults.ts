// Faults of query, path and header parameters. Their pointer is the parameter's name; a body fault has a JSON pointer.
import { type ProblemError, problem } from '../domain/errors.ts'

export const invalidParameter = (name: string, detail: string, action: string): ProblemError =>
  problem('invalid_request', `${name}: ${detail}`, { errors: [{ pointer: name, detail, action }] })
