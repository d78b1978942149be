// The product's line id → the accounting system's. Line ids are a caller's own, and "constructor", which every object has, is one
// like any other: it is looked up as the object's own, never simply read.

export const remoteLineId = (lineIds: Readonly<Record<string, string>>, lineId: string): string | undefined =>
  Object.hasOwn(lineIds, lineId) ? lineIds[lineId] : undefined
