// Why a start fails, in one sentence for the person who starts it: null for what nobody foresaw, of which the stack is shown.
import { databaseTrouble, describeTrouble, endOfTrouble } from './database-trouble.ts'
import { StartRefused } from './start-refused.ts'

interface SystemError extends Error {
  readonly code: string
  readonly syscall: string
  readonly path?: string
  readonly port?: number
}

const isOfTheSystem = (error: unknown): error is SystemError =>
  error instanceof Error && 'syscall' in error && typeof error.syscall === 'string' && 'code' in error

const listening: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there: stop it, or set PORT',
  EACCES: 'this user may not listen there: set PORT to 1024 or more',
  EADDRNOTAVAIL: 'this machine has no such address: set HOST',
  ENOTFOUND: 'this name has no address: set HOST',
}

const ofAFile: Readonly<Record<string, string>> = {
  EEXIST: 'a file stands where a directory has to be',
  ENOTDIR: 'a file stands where a directory has to be',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'it can only be read',
  ENOENT: 'it cannot be made',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead in a circle',
}

export function startTrouble(error: unknown): string | null {
  const trouble = databaseTrouble(error)
  if (trouble) return `${describeTrouble(trouble)} ${endOfTrouble(trouble)}`
  if (error instanceof StartRefused) return error.message
  if (!isOfTheSystem(error)) return null
  const { code, syscall, path, port } = error
  const cause = syscall === 'listen' || syscall === 'getaddrinfo' ? listening[code] : undefined
  if (cause) return `Cannot listen${port === undefined ? '' : ` at port ${port}`} (${code}): ${cause}.`
  const reason = path === undefined ? undefined : ofAFile[code]
  return reason ? `DATA_DIR cannot be used: ${path} (${code}): ${reason}.` : null
}
