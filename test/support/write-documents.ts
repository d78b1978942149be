// `npm run docs`: writes the documents that come from the code's own tables.
import { writeFileSync } from 'node:fs'
import { commandLine } from '../../src/lib/command-line.ts'
import { errorsDocument, settingsDocument } from './written-documents.ts'

commandLine({
  usage: `Usage: npm run docs
  Writes docs/errors.md and docs/settings.md from the tables of the code.`,
  options: {},
})
writeFileSync('docs/errors.md', errorsDocument())
writeFileSync('docs/settings.md', settingsDocument())
console.log('written: docs/errors.md docs/settings.md')
