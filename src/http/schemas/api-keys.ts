// API keys as they may be shown, and the one answer that carries a secret.

import { Type } from 'typebox'
import { companyIdForm, mostCompanyIdCharacters, mostKeyNameCharacters } from '../../domain/api-key.ts'
import { instant, nullable } from './lists.ts'

const companyId = (description: string) =>
  Type.String({ minLength: 1, maxLength: mostCompanyIdCharacters, pattern: companyIdForm, description })

export const ApiKey = Type.Object(
  {
    id: Type.String({ description: "The key's id." }),
    companyId: nullable(Type.String(), 'The company that it acts for; null: all companies.'),
    name: Type.String({ description: 'What it is for, for people.' }),
    createdAt: instant('UTC.'),
    lastUsedAt: nullable(instant('UTC.'), 'When it was last used; null before the first time.'),
    expiresAt: nullable(instant('UTC.'), 'When it expires; null: never.'),
    revokedAt: nullable(instant('UTC.'), 'When it was revoked; null while it works.'),
  },
  { description: 'An API key, without its secret.' },
)

export const NewApiKey = Type.Object(
  {
    ...ApiKey.properties,
    secret: Type.String({
      description: 'The key itself, for the Authorization header. Shown only once, never stored.',
    }),
  },
  { description: 'A new API key, with its secret.' },
)

export const NewApiKeyRequest = Type.Object(
  {
    companyId: Type.Optional(companyId('The company. Needed with the bootstrap key; otherwise that of the caller.')),
    name: Type.String({ minLength: 1, maxLength: mostKeyNameCharacters, description: 'What it is for, for people.' }),
    expiresAt: Type.Optional(nullable(instant('UTC.'), 'When it expires; absent or null: never.')),
  },
  { additionalProperties: false, description: 'A key to create.' },
)
