// Directories that nobody else on the machine reads: tokens and books are in them, sealed or not.
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StartRefused } from './start-refused.ts'

const isOurs = 0o700
const forOthers = 0o077
const writableByAll = 0o002
/** In such a directory nobody removes or renames what is not their own, as in /tmp. */
const sticky = 0o1000

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code

/** Level by level, because Node's recursive way never ends below /proc. */
function make(path: string): void {
  try {
    mkdirSync(path, { mode: isOurs })
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error
    make(dirname(path))
    mkdirSync(path, { mode: isOurs })
  }
}

/**
 * Makes the directory for this user alone, and takes it from all others where it stands already: not, however, from those who keep
 * something else in it than what `ours` names.
 */
export function privateDirectory(directory: string, ours: readonly string[] | 'everything'): void {
  const path = resolve(directory)
  make(path)
  const { mode } = statSync(path)
  if ((mode & forOthers) === 0) return
  if (ours === 'everything' || readdirSync(path).every((name) => ours.includes(name))) {
    try {
      chmodSync(path, isOurs)
      return
    } catch (error) {
      // A volume may belong to another user than the one that runs here.
      if (codeOf(error) !== 'EPERM' || ours === 'everything') throw error
    }
  }
  if ((mode & writableByAll) !== 0 && (mode & sticky) === 0) {
    throw new StartRefused(
      `DATA_DIR cannot be used: every user of this machine may write to ${path}. ` +
        'Choose a directory for the service alone, or run: chmod o-w on it.',
    )
  }
}
