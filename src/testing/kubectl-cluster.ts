// kubectl against a living cluster on virtual time: the real API server, scheduler and controllers, and kubelets whose
// containers behave as a recorded session's images say.

import { Node } from '../api/core/node.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import { controllers } from '../control-plane/controllers/index.ts'
import { createScheduler } from '../control-plane/scheduler/scheduler.ts'
import { newScheduler } from '../control-plane/scheduler/state.ts'
import type { WatchDelivery } from '../machinery/rest.ts'
import { defineComponent } from '../sim/component.ts'
import { type ControlPlane, controlPlane } from './control-plane.ts'
import type { KubectlRecording, KubectlSession } from './golden-kubectl.ts'
import { SESSION_START } from './golden-kubectl.ts'
import type { JsonObject } from './golden-json.ts'
import type { ImageBehaviour, Scenario } from './golden-scenarios.ts'
import { Workstation } from './kubectl-lab.ts'
import { createKubelets, newKubelets, nodeConditions } from './scenario-kubelets.ts'

/** A cluster in which one recorded session can be played by the page's kubectl. */
export function kubectlCluster(recording: KubectlRecording): KubectlSession {
  const { lab, createNodes } = clusterOf(recording)
  const workstation = new Workstation(lab)
  return {
    createNodes,
    advanceTo: ms => lab.advance(Math.max(0, ms - lab.simulation.now)),
    run: (commandLine, options) => workstation.run(commandLine, options),
  }
}

/** The cluster of a recorded session: whatever has the type `client` gets deliveries into its state. */
export function clusterOf(recording: KubectlRecording) {
  const scenario = scenarioOf(recording)
  const client = defineComponent<{ deliveries: WatchDelivery[] }>({
    type: 'client',
    on: { watch: ({ state }, delivery: WatchDelivery) => void state.deliveries.push(delivery) },
  })
  const cluster: ControlPlane = controlPlane({
    controllers,
    components: [
      { name: 'client', definition: () => client, state: { deliveries: [] }, silent: true },
      { name: 'kubelets', definition: transport => createKubelets(transport, scenario), state: newKubelets() },
      {
        name: 'kube-scheduler/m-k8s',
        definition: transport => createScheduler({ transport: () => transport }),
        state: newScheduler('m-k8s', SESSION_START, { elects: false }),
      },
    ],
  })
  const { simulation } = cluster
  const advance = (ms: number): void => cluster.runFor(ms)
  const self = simulation.self<ApiServerState>('apiserver')
  return {
    lab: { simulation, api: cluster.server, self, advance },
    createNodes: (nodes: readonly JsonObject[]): void => nodes.forEach(node => addNode(cluster, node)),
  }
}

function scenarioOf({ id, title, images }: KubectlRecording): Scenario {
  const behaviours: Record<string, ImageBehaviour> = {}
  for (const [image, behaviour] of Object.entries(images)) behaviours[image] = { start: 0.4, stop: 0.3, ...behaviour }
  return { id, title, nodes: [], steps: [], images: behaviours, default_image: { start: 0.4, stop: 0.3 } }
}

function addNode(cluster: ControlPlane, object: JsonObject): void {
  const recorded: Node = JSON.parse(JSON.stringify(object))
  const created = cluster.api.create(Node, recorded)
  const conditions = nodeConditions(created, true, cluster.simulation.now)
  cluster.api.updateStatus(Node, { ...created, status: { ...created.status, ...recorded.status, conditions } })
  cluster.simulation.schedule('kubelets', 0, 'node', { name: created.metadata.name, what: 'add' })
}
