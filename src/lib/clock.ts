// Time is passed in, so that tests move hours in no time and replicas agree on the time of their database.

export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
