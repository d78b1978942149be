// An API key as it may be shown: never with its secret; and what a new one may be called.
import { inForm } from './text-forms.ts'

export interface ApiKey {
  readonly id: string
  readonly companyId: string | null
  readonly name: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

export const mostCompanyIdCharacters = 64
export const mostKeyNameCharacters = 100
export const companyIdForm = inForm('^[A-Za-z0-9._-]+$', 'letters, digits, points, hyphens and underscores', 'acme')
const anyCompanyId = new RegExp(companyIdForm)

export const isCompanyId = (text: string): boolean => anyCompanyId.test(text) && text.length <= mostCompanyIdCharacters

/** Why the API would refuse it; null: it would not. */
export function newKeyFault({ companyId, name }: Pick<ApiKey, 'companyId' | 'name'>): string | null {
  if (companyId !== null && !isCompanyId(companyId)) {
    return `A company is 1 to ${mostCompanyIdCharacters} letters, digits, points, hyphens and underscores, or "*" for every company.`
  }
  if ([...name].length > mostKeyNameCharacters) return `A name is 1 to ${mostKeyNameCharacters} characters.`
  return null
}
