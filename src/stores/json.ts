// Writes jsonb as text: given an array, the drivers would make a PostgreSQL array of it.

export const json = (value: unknown): string => JSON.stringify(value)
