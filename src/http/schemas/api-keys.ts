// API keys as they may be shown, and the one answer that carries a secret.

import { Type } from 'typebox'
import { inForm } from '../../domain/text-forms.ts'
import { instant, nullable } from './lists.ts'

const companyForm = inForm('^[A-Za-z0-9._-]+$', 'letters, digits, points, hyphens and underscores', 'acme')
const companyId = (description: string) =>
  Type.String({ minLength: 1, maxLength: 64, pattern: companyForm, description })

export const ApiKey = Type.Object(
  {
    id: Type.String({ description: "The key's id." }),
    companyId: nullable(Type.String(), 'The company that it acts for; null: all companies.'),
    name: Type.String({ description: 'What it is for, for people.' }),
    createdAt: instant('UTC.'),
    lastUsedAt: nullable(instant('UTC.'), 'When it was last used; null before the first time.'),
    expiresAt: nullable(instant('UTC.'), 'When it ends by itself; null: never.'),
    revokedAt: nullable(instant('UTC.'), 'When it was revoked; null while it works.'),
  },
  { description: 'An API key, without its secret.' },
)

export const NewApiKey = Type.Object(
  {
    ...ApiKey.properties,
    secret: Type.String({
      description: 'The key itself, for the Authorization header. Shown this once, never stored.',
    }),
  },
  { description: 'A new API key, with its secret.' },
)

export const NewApiKeyRequest = Type.Object(
  {
    companyId: Type.Optional(companyId('The company. Needed with the bootstrap key; otherwise that of the caller.')),
    name: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for, for people.' }),
    expiresAt: Type.Optional(nullable(instant('UTC.'), 'When it shall end by itself; absent or null: never.')),
  },
  { additionalProperties: false, description: 'A key to create.' },
)
