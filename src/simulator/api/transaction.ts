// Undo for writes: with summarizeErrors (Xero's default) one bad element means that nothing of the request is kept, and an
// element that fails half way must leave nothing behind either.

export interface Committed {
  type: string
  id: string
  number?: string
}

export interface Transaction {
  set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void
  remove<Key, Value>(map: Map<Key, Value>, key: Key): void
  onUndo(undo: () => void): void
  note(committed: Committed): void
  savepoint(): number
  rollback(to: number): void
  committed(): Committed[]
}

export function begin(): Transaction {
  const steps: { undo: () => void; noted?: Committed }[] = []
  const restore = <Key, Value>(map: Map<Key, Value>, key: Key) => {
    const before = map.get(key)
    const existed = map.has(key)
    return () => {
      if (existed) map.set(key, before as Value)
      else map.delete(key)
    }
  }
  return {
    set(map, key, value) {
      steps.push({ undo: restore(map, key) })
      map.set(key, value)
    },
    remove(map, key) {
      steps.push({ undo: restore(map, key) })
      map.delete(key)
    },
    onUndo: (undo) => void steps.push({ undo }),
    note: (noted) => void steps.push({ undo: () => undefined, noted }),
    savepoint: () => steps.length,
    rollback(to) {
      for (const step of steps.splice(to).reverse()) step.undo()
    },
    committed: () => steps.flatMap((step) => step.noted ?? []),
  }
}
