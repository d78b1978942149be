// The directory of an embedded database, and what stands in it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { privateDirectory } from './private-directory.ts'

export const keyFile = 'encryption.key'
export const lockSocket = 'lock.sock'
export const lockGuard = 'lock.taking'
const databaseDirectory = 'database'
/** The last one is made by the file system, at the root of a volume. */
const ours = [keyFile, lockSocket, lockGuard, databaseDirectory, 'lost+found']

export const openDataDir = (directory: string): void => privateDirectory(directory, ours)

/** Whether a database was ever made there: PostgreSQL puts this file into each. */
export const holdsDatabase = (directory: string): boolean =>
  existsSync(join(directory, databaseDirectory, 'PG_VERSION'))

/** The files of the database can be read and written by everybody, whatever the process asks for: their directory keeps them. */
export function openDatabaseDir(directory: string): string {
  const path = join(directory, databaseDirectory)
  privateDirectory(path, 'everything')
  return path
}
