import type { Pod } from '../api/core/pod.ts'
import type { DeepPartial } from '../machinery/object.ts'
import type { Machine } from './topology.ts'

/** Versions that kubeadm v1.36 installs (cmd/kubeadm/app/constants/constants.go). */
export const kubernetesVersion = 'v1.36.2'
const etcdVersion = '3.6.6-0'

interface Program {
  readonly name: string
  readonly image: string
  readonly command: readonly string[]
  readonly cpu: string
  readonly memory?: string
  readonly port: number
  readonly scheme: 'HTTP' | 'HTTPS'
  readonly probes: { readonly startup: string; readonly liveness: string; readonly readiness?: string }
  readonly host: string
  readonly paths: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

/**
 * The static Pods that `kubeadm init` writes into /etc/kubernetes/manifests of a master, in the order in which the
 * kubelet finds them. Modelled on cmd/kubeadm/app/phases/{controlplane,etcd} and app/util/staticpod.
 */
export function staticPods(machine: Machine, podNetwork: string, masters: readonly Machine[]): DeepPartial<Pod>[] {
  return [etcd(machine, masters), apiServer(machine), controllerManager(podNetwork), scheduler].map(podOf)
}

function etcd({ address, name }: Machine, masters: readonly Machine[]): Program {
  const members = masters.map(master => `${master.name}=https://${master.address}:2380`).join(',')
  return {
    name: 'etcd',
    image: `registry.k8s.io/etcd:${etcdVersion}`,
    command: [
      'etcd',
      `--advertise-client-urls=https://${address}:2379`,
      '--cert-file=/etc/kubernetes/pki/etcd/server.crt',
      '--client-cert-auth=true',
      '--data-dir=/var/lib/etcd',
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${members}`,
      '--key-file=/etc/kubernetes/pki/etcd/server.key',
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      '--listen-metrics-urls=http://127.0.0.1:2381',
      `--listen-peer-urls=https://${address}:2380`,
      `--name=${name}`,
      '--peer-client-cert-auth=true',
      '--snapshot-count=10000',
      '--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt',
      '--watch-progress-notify-interval=5s',
    ],
    cpu: '100m',
    memory: '100Mi',
    port: 2381,
    scheme: 'HTTP',
    host: '127.0.0.1',
    probes: { startup: '/readyz', liveness: '/livez', readiness: '/readyz' },
    paths: { 'etcd-data': '/var/lib/etcd', 'etcd-certs': '/etc/kubernetes/pki/etcd' },
    annotations: { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${address}:2379` },
  }
}

function apiServer({ address }: Machine): Program {
  return {
    name: 'kube-apiserver',
    image: `registry.k8s.io/kube-apiserver:${kubernetesVersion}`,
    command: [
      'kube-apiserver',
      `--advertise-address=${address}`,
      '--allow-privileged=true',
      '--authorization-mode=Node,RBAC',
      '--client-ca-file=/etc/kubernetes/pki/ca.crt',
      '--enable-admission-plugins=NodeRestriction',
      '--enable-bootstrap-token-auth=true',
      '--etcd-servers=https://127.0.0.1:2379',
      '--secure-port=6443',
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      '--service-cluster-ip-range=10.96.0.0/12',
      '--tls-cert-file=/etc/kubernetes/pki/apiserver.crt',
    ],
    cpu: '250m',
    port: 6443,
    scheme: 'HTTPS',
    host: address,
    probes: { startup: '/livez', liveness: '/livez', readiness: '/readyz' },
    paths: { 'k8s-certs': '/etc/kubernetes/pki', 'ca-certs': '/etc/ssl/certs' },
    annotations: { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${address}:6443` },
  }
}

function controllerManager(podNetwork: string): Program {
  return {
    name: 'kube-controller-manager',
    image: `registry.k8s.io/kube-controller-manager:${kubernetesVersion}`,
    command: [
      'kube-controller-manager',
      '--allocate-node-cidrs=true',
      '--bind-address=127.0.0.1',
      `--cluster-cidr=${podNetwork}`,
      '--cluster-name=kubernetes',
      '--controllers=*,bootstrapsigner,tokencleaner',
      '--kubeconfig=/etc/kubernetes/controller-manager.conf',
      '--leader-elect=true',
      '--service-cluster-ip-range=10.96.0.0/12',
      '--use-service-account-credentials=true',
    ],
    cpu: '200m',
    port: 10257,
    scheme: 'HTTPS',
    host: '127.0.0.1',
    probes: { startup: '/healthz', liveness: '/healthz' },
    paths: { 'k8s-certs': '/etc/kubernetes/pki', kubeconfig: '/etc/kubernetes/controller-manager.conf' },
  }
}

const scheduler: Program = {
  name: 'kube-scheduler',
  image: `registry.k8s.io/kube-scheduler:${kubernetesVersion}`,
  command: [
    'kube-scheduler',
    '--authentication-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--authorization-kubeconfig=/etc/kubernetes/scheduler.conf',
    '--bind-address=127.0.0.1',
    '--kubeconfig=/etc/kubernetes/scheduler.conf',
    '--leader-elect=true',
  ],
  cpu: '100m',
  port: 10259,
  scheme: 'HTTPS',
  host: '127.0.0.1',
  probes: { startup: '/livez', liveness: '/livez', readiness: '/readyz' },
  paths: { kubeconfig: '/etc/kubernetes/scheduler.conf' },
}

function podOf(program: Program): DeepPartial<Pod> {
  const { name, image, command, cpu, memory, port, scheme, probes, host, paths, annotations } = program
  const portName = 'probe-port'
  const httpGet = (path: string): object => ({ httpGet: { host, path, port: portName, scheme } })
  const timing = { failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10, timeoutSeconds: 15 }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      ...(annotations && { annotations }),
    },
    spec: {
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command: [...command],
          ports: [{ name: portName, containerPort: port, protocol: 'TCP' }],
          resources: { requests: { cpu, ...(memory !== undefined && { memory }) } },
          startupProbe: { ...httpGet(probes.startup), ...timing, failureThreshold: 24 },
          livenessProbe: { ...httpGet(probes.liveness), ...timing },
          ...(probes.readiness !== undefined && {
            readinessProbe: { ...httpGet(probes.readiness), failureThreshold: 3, periodSeconds: 1, timeoutSeconds: 15 },
          }),
          volumeMounts: Object.entries(paths).map(([volume, mountPath]) => ({
            name: volume,
            mountPath,
            ...(volume !== 'etcd-data' && { readOnly: true }),
          })),
        },
      ],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: 'system-node-critical',
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      volumes: Object.entries(paths).map(([volume, path]) => ({
        name: volume,
        hostPath: { path, type: path.endsWith('.conf') ? 'FileOrCreate' : 'DirectoryOrCreate' },
      })),
    },
  }
}
