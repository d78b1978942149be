// `npm run docs`: writes the documents that come from the code's own tables.
import { writeFileSync } from 'node:fs'
import { errorsDocument, settingsDocument } from './written-documents.ts'

writeFileSync('docs/errors.md', errorsDocument())
writeFileSync('docs/settings.md', settingsDocument())
console.log('written: docs/errors.md docs/settings.md')
