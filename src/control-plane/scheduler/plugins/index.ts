import type { Plugin } from '../framework.ts'
import { dynamicResources } from './dynamicresources.ts'
import { imageLocality } from './imagelocality.ts'
import { interPodAffinity } from './interpodaffinity.ts'
import { nodeAffinity } from './nodeaffinity.ts'
import { nodeName } from './nodename.ts'
import { nodePorts } from './nodeports.ts'
import { nodeResourcesBalancedAllocation } from './noderesourcesbalancedallocation.ts'
import { nodeResourcesFit } from './noderesourcesfit.ts'
import { nodeUnschedulable } from './nodeunschedulable.ts'
import { podTopologySpread } from './podtopologyspread.ts'
import { schedulingGates } from './schedulinggates.ts'
import { taintToleration } from './tainttoleration.ts'

/**
 * The default profile (pkg/scheduler/apis/config/v1/default_plugins.go): the order in which plugins are asked, their
 * weights in their files. PrioritySort is the order of the queue, DefaultPreemption is preemption/, DefaultBinder binds.
 */
export const defaultPlugins: readonly Plugin[] = [
  schedulingGates,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
  dynamicResources,
  nodeResourcesBalancedAllocation,
  imageLocality,
]
