// Finds entries of a map by a second key without scanning ten thousand of them for every line. What is remembered is only a
// hint: it counts when the map still holds the very same entry, else the map is read again.

export function createLookup<Value>(idOf: (value: Value) => string, keyOf: (value: Value) => string | undefined) {
  const remembered = new WeakMap<Map<string, Value>, Map<string, Value>>()
  return (map: Map<string, Value>, key: string): Value | undefined => {
    const hint = remembered.get(map)?.get(key)
    if (hint !== undefined && map.get(idOf(hint)) === hint) return hint
    const index = new Map<string, Value>()
    for (const value of map.values()) {
      const own = keyOf(value)
      if (own !== undefined && !index.has(own)) index.set(own, value)
    }
    remembered.set(map, index)
    return index.get(key)
  }
}
