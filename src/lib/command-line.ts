// Arguments of a command: --help prints its own usage and ends it, and those that it does not know are refused in one line, before
// anything is done.
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

interface Known<O extends ParseArgsOptionsConfig> {
  /** The first line shows how to start it. */
  readonly usage: string
  readonly options: O
  /** The fewest and the most words that stand for themselves. */
  readonly words?: readonly [number, number]
}

const parsed = <O extends ParseArgsOptionsConfig>(options: O, args: readonly string[]) =>
  parseArgs({ args: [...args], options, allowPositionals: true })

export type CommandLine<O extends ParseArgsOptionsConfig> = ReturnType<typeof parsed<O>>

/** The arguments as they are known, or the reason why they are refused. */
export function readCommandLine<const O extends ParseArgsOptionsConfig>(
  { options, words: [fewest, most] = [0, 0] }: Omit<Known<O>, 'usage'>,
  args: readonly string[],
): CommandLine<O> | string {
  let read: CommandLine<O>
  try {
    read = parsed(options, args)
  } catch (error) {
    return (error as Error).message.split('. ')[0]?.split('\n')[0] ?? 'Unknown argument'
  }
  const unknown = read.positionals[most]
  if (unknown !== undefined) return `Unknown argument '${unknown}'`
  return read.positionals.filter(Boolean).length < fewest ? 'An argument is missing' : read
}

const isHelp = (word: string): boolean => word === '--help' || word === '-h'

/** Ends the process where help is asked for, or where the arguments are not as the usage says. */
export function commandLine<const O extends ParseArgsOptionsConfig>(
  known: Known<O>,
  args: readonly string[] = process.argv.slice(2),
): CommandLine<O> {
  if (args.some(isHelp)) {
    console.log(known.usage)
    process.exit(0)
  }
  const read = readCommandLine(known, args)
  if (typeof read !== 'string') return read
  console.error(`${read}; --help shows what is known.`)
  process.exit(1)
}
