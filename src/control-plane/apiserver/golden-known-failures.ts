export const knownFailures: readonly { id: string; why: string }[] = []
