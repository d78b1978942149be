// An answer that lacks much of what was known at once: it is read again before it is believed.

/** More than this, and more than one in fifty, are seldom taken away at once. */
const fewAtMost = 5
const fiftieth = 50

/** Whether so many of so many are missing that one answer does not prove it. */
export const isSuddenAbsence = (missing: number, known: number): boolean =>
  missing > fewAtMost && missing * fiftieth > known
