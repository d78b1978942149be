// An API key as it may be shown: never with its secret.

export interface ApiKey {
  readonly id: string
  readonly companyId: string | null
  readonly name: string
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}
