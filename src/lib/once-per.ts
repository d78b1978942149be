/** A function whose answer for an object is worked out once, when it is first asked for. */
export function oncePer<K extends object, V>(workOut: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return (key) => {
    const { value } = known.get(key) ?? { value: workOut(key) }
    known.set(key, { value })
    return value
  }
}
