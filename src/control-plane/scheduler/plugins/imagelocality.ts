import { definePlugin, maxScore } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'

const megabyte = 1024 * 1024
const smallestCounted = 23 * megabyte
const largestCounted = 1000 * megabyte

interface Notes {
  /** What each image is worth, by its share of nodes that have it, and by its name. */
  readonly shares: readonly { readonly name: string; readonly share: number }[]
  readonly containers: number
}

/** Favours nodes that have the Pod's images already. Models plugins/imagelocality/image_locality.go. */
export const imageLocality = definePlugin<undefined, Notes>({
  name: 'ImageLocality',
  weight: 1,

  preScore(pod, _nodes, cycle) {
    const names = imagesOf(pod)
    const shares = names.flatMap(name => {
      const count = cycle.imageCount(name)
      return count === 0 ? [] : [{ name, share: count / cycle.nodes.length }]
    })
    return { notes: { shares, containers: names.length } }
  },

  score(_pod, { images }, { shares, containers }) {
    if (shares.length === 0) return 0
    let sum = 0
    // An image that few nodes have counts less, or every Pod would go where the first one went.
    for (const { name, share } of shares) sum += Math.trunc((images.get(name) ?? 0) * share)
    const most = largestCounted * containers
    const counted = Math.min(Math.max(sum, smallestCounted), most)
    return Math.trunc((maxScore * (counted - smallestCounted)) / (most - smallestCounted))
  },
})

function imagesOf({ pod: { spec } }: PodInfo): string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].map(({ image }) => normalized(image ?? ''))
}

/** With its tag: `nginx` is `nginx:latest`. */
function normalized(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
}
