import { anyProgram } from '../node/runtime/find-program.ts'
import type { Image } from '../node/runtime/image.ts'
import { runsForever } from './generic.ts'

/** Images of kube-system whose program runs without doing anything that the cluster would notice. */
export const systemImages: readonly Image[] = [
  system('registry.k8s.io/coredns/coredns', 22_400_000, /^v1\.(\d|1[0-4])\.\d+$/),
  system('registry.k8s.io/kube-proxy', 31_900_000, /^v1\.\d+\.\d+$/),
]

function system(repository: string, sizeBytes: number, tags: RegExp): Image {
  return {
    repository,
    hasTag: tag => tags.test(tag),
    sizeBytes,
    entrypoint: [`/${repository.slice(repository.lastIndexOf('/') + 1)}`],
    programs: { [anyProgram]: runsForever },
  }
}
