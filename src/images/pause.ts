import type { Image } from '../node/runtime/image.ts'
import { runsForever } from './generic.ts'

/** Holds a Pod's namespaces. It reaps zombies and waits. */
export const pause: Image = {
  repository: 'registry.k8s.io/pause',
  hasTag: tag => ['3.1', '3.2', '3.3', '3.4.1', '3.5', '3.6', '3.7', '3.8', '3.9', '3.10', '3.10.1'].includes(tag),
  sizeBytes: 320_448,
  user: 65_535,
  entrypoint: ['/pause'],
  programs: { '/pause': runsForever },
}
