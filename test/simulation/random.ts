// Randomness of a simulation: one small generator (sfc32) a purpose, all grown from the seed, so that a change in one
// part of a schedule does not shift the dice of another.

export interface Random {
  /** 0 ≤ x < 1. */
  next(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
  /** A generator of its own for one purpose. */
  fork(purpose: string): Random
  hex(digits: number): string
}

function hash(text: string): number {
  let value = 2166136261
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 16777619)
  return value >>> 0
}

export function randomFrom(seed: number, purpose = ''): Random {
  let [a, b, c, d] = [hash(`a${seed}${purpose}`), hash(`b${purpose}${seed}`), seed >>> 0, 1]
  function draw(): number {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let warm = 0; warm < 12; warm++) draw()
  const between = (low: number, high: number) => low + Math.floor(draw() * (high - low + 1))
  return {
    next: draw,
    between,
    chance: (probability) => draw() < probability,
    pick(from) {
      const chosen = from[between(0, from.length - 1)]
      if (chosen === undefined) throw new Error('nothing to pick from')
      return chosen
    },
    fork: (more) => randomFrom(seed, `${purpose}/${more}`),
    hex: (digits) => Array.from({ length: digits }, () => between(0, 15).toString(16)).join(''),
  }
}
