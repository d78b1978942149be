// Customers and vendors have the same settings: both are contacts in Xero.
import { Type } from 'typebox'
import { conflictPolicy, importMode } from './common.ts'

export const matchFields = ['contactNumber', 'accountNumber', 'taxNumber', 'name', 'email'] as const
export type MatchField = (typeof matchFields)[number]

/** Fields of both sections. */
export const contactsFields = (what: 'customers' | 'vendors') => ({
  matchBy: Type.Array(Type.Enum([...matchFields], { description: 'A field of contacts.' }), {
    default: [...matchFields],
    maxItems: matchFields.length,
    uniqueItems: true,
    description: `Fields by which ${what} without a link are matched to contacts in Xero, in this order. Empty: never.`,
  }),
  onAmbiguous: Type.Enum(['conflict', 'create'], {
    default: 'conflict',
    description: 'With several matching contacts: a conflict, to be linked by hand · create a separate contact.',
  }),
  onEmailOnly: Type.Enum(['conflict', 'match', 'create'], {
    default: 'conflict',
    description:
      'With a contact of the same e-mail address and another name: a conflict that names it, to be linked by hand · it is ' +
      'the same · a contact of its own.',
  }),
  onNumberOnly: Type.Enum(['conflict', 'match', 'create'], {
    default: 'conflict',
    description:
      'With a contact of the same contact, account or tax number and another name (that of a branch, say): a conflict that names it, to be ' +
      'linked by hand · it is the same, but for a contact number, which stays a conflict · look on by the fields that follow.',
  }),
  import: importMode(what),
  conflict: conflictPolicy(),
  onDelete: Type.Enum(['archive', 'keep'], {
    default: 'archive',
    description: 'What happens in Xero on a deletion. Only a person can restore an archived contact.',
  }),
})
