// Schedules of part 4: see short.ts.
import t from 'tap'
import { playPart } from './short.ts'

await playPart(t, 4)
