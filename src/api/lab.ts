/** The lab of the seed books: what a cluster is built of when nobody says otherwise. Page, command line and tests read it here. */
export const seedLab = { preset: 'm-k8s', masters: 1, workers: 3, workerCpu: 2, workerMemoryMiB: 2560 } as const
