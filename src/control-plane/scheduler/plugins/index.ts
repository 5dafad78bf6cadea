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
import { nodeVolumeLimits } from './nodevolumelimits.ts'
import { podTopologySpread } from './podtopologyspread.ts'
import { schedulingGates } from './schedulinggates.ts'
import { taintToleration } from './tainttoleration.ts'
import { volumeBinding } from './volumebinding.ts'
import { volumeRestrictions } from './volumerestrictions.ts'
import { volumeZone } from './volumezone.ts'

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
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  dynamicResources,
  nodeResourcesBalancedAllocation,
  imageLocality,
]
