// The version that the package names, for the API document and the log.
import { readFileSync } from 'node:fs'

const findPackage = (): { version: string } => {
  // From src/ in development, from dist/src/ in the image.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }
    } catch {}
  }
  throw new Error('package.json is missing beside the program')
}

export const version: string = findPackage().version
