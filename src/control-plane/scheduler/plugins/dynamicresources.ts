import { definePlugin, fits } from '../framework.ts'

/**
 * Device claims. None are served yet, so no Pod has any: it scores 0, as upstream does for such Pods. What it says when a
 * Pod found no node is in post-filter.ts. Models plugins/dynamicresources/dynamicresources.go.
 */
export const dynamicResources = definePlugin({
  name: 'DynamicResources',
  weight: 2,
  filter: () => fits,
  score: () => 0,
})
