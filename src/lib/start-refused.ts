// Why the process does not start, in words for the person who starts it: the cause is known, so no stack is shown.

export class StartRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
