import echoHname from './samples/echo-hname.yaml?raw'
import ingress from './samples/ingress.yaml?raw'
import nginxPod from './samples/nginx-pod.yaml?raw'
import nodePort from './samples/nodeport.yaml?raw'
import rollout from './samples/rollout.yaml?raw'

export interface Sample {
  readonly name: string
  /** The kinds in it, for the menu. */
  readonly kinds: string
  readonly text: string
}

/** Manifests to start from: those of the seed book, in today's API. */
export const samples: readonly Sample[] = [
  { name: 'echo-hname.yaml', kinds: 'Deployment', text: echoHname },
  { name: 'nodeport.yaml', kinds: 'Service', text: nodePort },
  { name: 'ingress.yaml', kinds: 'Service, Ingress', text: ingress },
  { name: 'nginx-pod.yaml', kinds: 'Pod', text: nginxPod },
  { name: 'rollout-nginx.yaml', kinds: 'Deployment', text: rollout },
]
