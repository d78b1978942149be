// Several test files in one process, one after the other: a file is read when the tests of the one before have ended. Tap ends
// its report as soon as nothing is left to do, and would lose the tests of a file that is still opening its database.
import t from 'tap'

interface Gate {
  /** Everything before it has ended. */
  readonly reached: Promise<void>
  open(): void
}

function gate(title: string): Gate {
  const reached = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  t.test(title, async () => {
    reached.resolve()
    await opened.promise
  })
  return { reached: reached.promise, open: opened.resolve }
}

export interface Turns {
  /** URL of the file whose turn it is; null where none is left. */
  readonly next: () => Promise<string | null>
  /** Begins the title of the test that stands where a file has ended: whoever counts tests tells them apart by it. */
  readonly mark: string
  /** Milliseconds that one file may take. */
  readonly limit: number
}

export async function inTurn({ next, mark, limit }: Turns): Promise<void> {
  let before = gate(`${mark}begin`)
  await before.reached
  for (let file = await next(); file; file = await next()) {
    t.setTimeout(limit)
    await import(file)
    const end = gate(`${mark}${file}`)
    before.open()
    await end.reached
    before = end
  }
  before.open()
}
