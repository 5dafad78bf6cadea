import type { ApiError } from '../../machinery/status.ts'

/** A mistake at the keyboard, or anything else that kubectl itself finds wrong: printed as `error: …`. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly code = 1,
  ) {
    super(message)
    this.name = 'UsageError'
  }
}

/** A complaint that is printed as it is, without `error:`. */
export class PlainError extends UsageError {}

/** A failure of which everything has been said: only the exit code is left. */
export class Exit extends UsageError {
  constructor(code: number) {
    super('', code)
  }
}

export type Failure = ApiError | UsageError

/** Several failures of a command that goes on after each (utilerrors.Aggregate). */
export class SeveralErrors extends UsageError {
  constructor(
    readonly failures: readonly Failure[],
    code = 1,
  ) {
    super(failures.map(({ message }) => message).join(', '), code)
  }
}

/** Throws what was gathered: nothing, one failure as it is, or several. */
export function throwGathered(failures: readonly Failure[]): void {
  const [first, second] = failures
  if (second) throw new SeveralErrors(failures)
  if (first) throw first
}

/** Runs an action and returns the UsageError that ended it. */
export function attemptUsage(action: () => void): UsageError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
}
