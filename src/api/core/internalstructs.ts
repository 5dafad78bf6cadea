/**
 * The fields of the structs in which the API server keeps Pods internally (kubernetes/pkg/apis/core/types.go), in their
 * order, because some messages print them with Go's JSON. One word a field: `Name`, or `GoName=jsonName` where the JSON
 * name does not follow from it, then a type: none for a string, `int`, `bool`, `value` (as it is, null if absent), a
 * struct, `*Struct` (null if absent), `[]Struct` or `[]` (null if absent).
 */
const lines: Readonly<Record<string, string>> = {
  PodSpec: `Volumes:[]Volume InitContainers:[]Container Containers:[]Container
    EphemeralContainers:[]EphemeralContainer RestartPolicy TerminationGracePeriodSeconds:value
    ActiveDeadlineSeconds:value DNSPolicy=dnsPolicy NodeSelector:[] ServiceAccountName
    AutomountServiceAccountToken:value NodeName SecurityContext:*PodSecurityContext
    ImagePullSecrets:[]LocalObjectReference Hostname Subdomain SetHostnameAsFQDN:value Affinity:*Affinity
    SchedulerName Tolerations:[]Toleration HostAliases:[]HostAlias PriorityClassName Priority:value
    PreemptionPolicy:value DNSConfig=dnsConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName:value
    Overhead:[] EnableServiceLinks:value TopologySpreadConstraints:[]TopologySpreadConstraint OS=os:*PodOS
    SchedulingGates:[]LocalObjectReference ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements
    HostnameOverride:value SchedulingGroup:*PodSchedulingGroup`,
  PodSecurityContext: `HostNetwork:bool HostPID=hostPID:bool HostIPC=hostIPC:bool ShareProcessNamespace:value
    HostUsers:value SELinuxOptions=seLinuxOptions:*SELinuxOptions WindowsOptions:*WindowsOptions RunAsUser:value
    RunAsGroup:value RunAsNonRoot:value SupplementalGroups:[] SupplementalGroupsPolicy:value FSGroup=fsGroup:value
    FSGroupChangePolicy=fsGroupChangePolicy:value Sysctls:[]Sysctl SeccompProfile:*Profile AppArmorProfile:*Profile
    SELinuxChangePolicy=seLinuxChangePolicy:value`,
  Container: `Name Image Command:[] Args:[] WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar
    Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:value
    RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice
    LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath
    TerminationMessagePolicy ImagePullPolicy SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY=tty:bool`,
  EphemeralContainer: `Name Image Command:[] Args:[] WorkingDir Ports:[]ContainerPort EnvFrom:[]EnvFromSource
    Env:[]EnvVar Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy:value
    RestartPolicyRules:[]ContainerRestartRule VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice
    LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath
    TerminationMessagePolicy ImagePullPolicy SecurityContext:*SecurityContext Stdin:bool StdinOnce:bool TTY=tty:bool
    TargetContainerName`,
  ContainerPort: 'Name HostPort:int ContainerPort:int Protocol HostIP=hostIP',
  ContainerResizePolicy: 'ResourceName RestartPolicy',
  ContainerRestartRule: 'Action ExitCodes:*ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'Operator Values:[]',
  EnvVar: 'Name Value ValueFrom:*EnvVarSource',
  EnvVarSource: `FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*KeySelector
    SecretKeyRef:*KeySelector FileKeyRef:*FileKeySelector`,
  ObjectFieldSelector: 'APIVersion=apiVersion FieldPath',
  ResourceFieldSelector: 'ContainerName Resource Divisor:value',
  KeySelector: 'Name Key Optional:value',
  FileKeySelector: 'VolumeName Path Key Optional:value',
  EnvFromSource: 'Prefix ConfigMapRef:*EnvSource SecretRef:*EnvSource',
  EnvSource: 'Name Optional:value',
  VolumeMount: 'Name ReadOnly:bool RecursiveReadOnly:value MountPath SubPath MountPropagation:value SubPathExpr',
  VolumeDevice: 'Name DevicePath',
  Probe: `Exec:*ExecAction HTTPGet=httpGet:*HTTPGetAction TCPSocket=tcpSocket:*TCPSocketAction GRPC=grpc:*GRPCAction
    InitialDelaySeconds:int TimeoutSeconds:int PeriodSeconds:int SuccessThreshold:int FailureThreshold:int
    TerminationGracePeriodSeconds:value`,
  Lifecycle: 'PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal:value',
  LifecycleHandler: 'Exec:*ExecAction HTTPGet=httpGet:*HTTPGetAction TCPSocket=tcpSocket:*TCPSocketAction Sleep:*Sleep',
  Sleep: 'Seconds:int',
  ExecAction: 'Command:[]',
  HTTPGetAction: 'Path Port:value Host Scheme HTTPHeaders=httpHeaders:[]Sysctl',
  TCPSocketAction: 'Port:value Host',
  GRPCAction: 'Port:int Service:value',
  Sysctl: 'Name Value',
  ResourceRequirements: 'Limits:[] Requests:[] Claims:[]ResourceClaim',
  ResourceClaim: 'Name Request',
  SecurityContext: `Capabilities:*Capabilities Privileged:value SELinuxOptions=seLinuxOptions:*SELinuxOptions
    WindowsOptions:*WindowsOptions RunAsUser:value RunAsGroup:value RunAsNonRoot:value ReadOnlyRootFilesystem:value
    AllowPrivilegeEscalation:value ProcMount:value SeccompProfile:*Profile AppArmorProfile:*Profile`,
  Capabilities: 'Add:[] Drop:[]',
  SELinuxOptions: 'User Role Type Level',
  WindowsOptions: `GMSACredentialSpecName=gmsaCredentialSpecName:value GMSACredentialSpec=gmsaCredentialSpec:value
    RunAsUserName:value HostProcess:value`,
  Profile: 'Type LocalhostProfile:value',
  Toleration: 'Key Operator Value Effect TolerationSeconds:value',
  Affinity: 'NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity',
  NodeAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector
    PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm`,
  NodeSelector: 'NodeSelectorTerms:[]NodeSelectorTerm',
  NodeSelectorTerm: 'MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement',
  NodeSelectorRequirement: 'Key Operator Values:[]',
  PreferredSchedulingTerm: 'Weight:int Preference:NodeSelectorTerm',
  PodAffinity: `RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
    PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm`,
  PodAffinityTerm: `LabelSelector:value Namespaces:[] TopologyKey NamespaceSelector:value MatchLabelKeys:[]
    MismatchLabelKeys:[]`,
  WeightedPodAffinityTerm: 'Weight:int PodAffinityTerm:PodAffinityTerm',
  TopologySpreadConstraint: `MaxSkew:int TopologyKey WhenUnsatisfiable LabelSelector:value MinDomains:value
    NodeAffinityPolicy:value NodeTaintsPolicy:value MatchLabelKeys:[]`,
  PodDNSConfig: 'Nameservers:[] Searches:[] Options:[]PodDNSConfigOption',
  PodDNSConfigOption: 'Name Value:value',
  HostAlias: 'IP=ip Hostnames:[]',
  LocalObjectReference: 'Name',
  PodReadinessGate: 'ConditionType',
  PodResourceClaim: 'Name ResourceClaimName:value ResourceClaimTemplateName:value',
  PodOS: 'Name',
  PodSchedulingGroup: 'PodGroupName:value',

  Volume: `Name HostPath:*HostPath EmptyDir:*EmptyDir GCEPersistentDisk=gcePersistentDisk:*GcePersistentDisk
    AWSElasticBlockStore=awsElasticBlockStore:*AwsElasticBlockStore GitRepo:*GitRepo Secret:*SecretVolume NFS=nfs:*Nfs
    ISCSI=iscsi:*Iscsi Glusterfs:*Glusterfs PersistentVolumeClaim:*ClaimVolume RBD=rbd:*Rbd Quobyte:*Quobyte
    FlexVolume:*FlexVolume Cinder:*Cinder CephFS=cephfs:*CephFs Flocker:*Flocker DownwardAPI:*DownwardApi FC=fc:*Fc
    AzureFile:*AzureFile ConfigMap:*ConfigMapVolume VsphereVolume:*Vsphere AzureDisk:*AzureDisk
    PhotonPersistentDisk:*Photon Projected:*Projected PortworxVolume:*Portworx ScaleIO=scaleIO:*ScaleIo
    StorageOS=storageos:*StorageOs CSI=csi:*CsiVolume Ephemeral:*Ephemeral Image:*ImageVolume`,
  PersistentVolumeSource: `GCEPersistentDisk=gcePersistentDisk:*GcePersistentDisk
    AWSElasticBlockStore=awsElasticBlockStore:*AwsElasticBlockStore HostPath:*HostPath Glusterfs:*GlusterfsPv
    NFS=nfs:*Nfs RBD=rbd:*Rbd Quobyte:*Quobyte ISCSI=iscsi:*Iscsi FlexVolume:*FlexVolume Cinder:*Cinder
    CephFS=cephfs:*CephFs FC=fc:*Fc Flocker:*Flocker AzureFile:*AzureFilePv VsphereVolume:*Vsphere
    AzureDisk:*AzureDisk PhotonPersistentDisk:*Photon PortworxVolume:*Portworx ScaleIO=scaleIO:*ScaleIo Local:*Local
    StorageOS=storageos:*StorageOs CSI=csi:*CsiPv`,
  HostPath: 'Path Type:value',
  EmptyDir: 'Medium SizeLimit:value',
  GcePersistentDisk: 'PDName=pdName FSType=fsType Partition:int ReadOnly:bool',
  AwsElasticBlockStore: 'VolumeID=volumeID FSType=fsType Partition:int ReadOnly:bool',
  GitRepo: 'Repository Revision Directory',
  SecretVolume: 'SecretName Items:[]KeyToPath DefaultMode:value Optional:value',
  ConfigMapVolume: 'Name Items:[]KeyToPath DefaultMode:value Optional:value',
  KeyToPath: 'Key Path Mode:value',
  Nfs: 'Server Path ReadOnly:bool',
  Iscsi: `TargetPortal IQN=iqn Lun:int ISCSIInterface=iscsiInterface FSType=fsType ReadOnly:bool Portals:[]
    DiscoveryCHAPAuth=chapAuthDiscovery:bool SessionCHAPAuth=chapAuthSession:bool SecretRef:value InitiatorName:value`,
  Glusterfs: 'EndpointsName=endpoints Path ReadOnly:bool',
  GlusterfsPv: 'EndpointsName=endpoints Path ReadOnly:bool EndpointsNamespace:value',
  ClaimVolume: 'ClaimName ReadOnly:bool',
  Rbd: `CephMonitors=monitors:[] RBDImage=image FSType=fsType RBDPool=pool RadosUser=user Keyring SecretRef:value
    ReadOnly:bool`,
  Quobyte: 'Registry Volume ReadOnly:bool User Group Tenant',
  FlexVolume: 'Driver FSType=fsType SecretRef:value ReadOnly:bool Options:[]',
  Cinder: 'VolumeID=volumeID FSType=fsType ReadOnly:bool SecretRef:value',
  CephFs: 'Monitors:[] Path User SecretFile SecretRef:value ReadOnly:bool',
  Flocker: 'DatasetName DatasetUUID=datasetUUID',
  DownwardApi: 'Items:[]DownwardApiFile DefaultMode:value',
  DownwardApiFile: 'Path FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode:value',
  Fc: 'TargetWWNs=targetWWNs:[] Lun:value FSType=fsType ReadOnly:bool WWIDs=wwids:[]',
  AzureFile: 'SecretName ShareName ReadOnly:bool',
  AzureFilePv: 'SecretName ShareName ReadOnly:bool SecretNamespace:value',
  Vsphere: 'VolumePath FSType=fsType StoragePolicyName StoragePolicyID=storagePolicyID',
  AzureDisk: 'DiskName DataDiskURI=diskURI CachingMode:value FSType=fsType:value ReadOnly:value Kind:value',
  Photon: 'PdID=pdID FSType=fsType',
  Projected: 'Sources:[]Projection DefaultMode:value',
  Projection: `Secret:*SecretProjection DownwardAPI:*DownwardApiProjection ConfigMap:*ConfigMapProjection
    ServiceAccountToken:*TokenProjection ClusterTrustBundle:ClusterTrustBundle PodCertificate:value`,
  // Not a pointer: line numbers of the recorded diffs count its fields in every projection.
  ClusterTrustBundle: 'Name:value SignerName:value LabelSelector:value Optional:value Path',
  SecretProjection: 'Name Items:[]KeyToPath Optional:value',
  ConfigMapProjection: 'Name Items:[]KeyToPath Optional:value',
  DownwardApiProjection: 'Items:[]DownwardApiFile',
  TokenProjection: 'Audience ExpirationSeconds:int Path',
  Portworx: 'VolumeID=volumeID FSType=fsType ReadOnly:bool',
  ScaleIo: `Gateway System SecretRef:value SSLEnabled=sslEnabled:bool ProtectionDomain StoragePool StorageMode
    VolumeName FSType=fsType ReadOnly:bool`,
  StorageOs: 'VolumeName VolumeNamespace FSType=fsType ReadOnly:bool SecretRef:value',
  Local: 'Path FSType=fsType:value',
  CsiVolume: 'Driver ReadOnly:value FSType=fsType:value VolumeAttributes:[] NodePublishSecretRef:value',
  CsiPv: `Driver VolumeHandle ReadOnly:bool FSType=fsType VolumeAttributes:[] ControllerPublishSecretRef:value
    NodeStageSecretRef:value NodePublishSecretRef:value ControllerExpandSecretRef:value NodeExpandSecretRef:value`,
  Ephemeral: 'VolumeClaimTemplate:value',
  ImageVolume: 'Reference PullPolicy',
  PersistentVolumeClaimSpec: `AccessModes:[] Selector:value Resources:VolumeResourceRequirements VolumeName
    StorageClassName:value VolumeMode:value DataSource:value DataSourceRef:value VolumeAttributesClassName:value`,
  VolumeResourceRequirements: 'Limits:[] Requests:[]',

  ServicePort: 'Name Protocol AppProtocol:value Port:int TargetPort:value NodePort:int',
  DeploymentStrategy: 'Type RollingUpdate:*RollingUpdateDeployment',
  RollingUpdateDeployment: 'MaxUnavailable:value MaxSurge:value',
  StatefulSetUpdateStrategy: 'Type RollingUpdate:*RollingUpdateStatefulSet',
  RollingUpdateStatefulSet: 'Partition:int MaxUnavailable:value',
  PodDisruptionBudgetSpec: 'MinAvailable:value Selector:value MaxUnavailable:value UnhealthyPodEvictionPolicy:value',
  RoleRef: 'APIGroup=apiGroup Kind Name',
}

/** A field of an internal struct: its name in Go, in JSON, and how it is printed. */
export interface InternalField {
  readonly name: string
  readonly key: string
  readonly type: 'string' | 'int' | 'bool' | 'value' | 'list' | 'struct' | 'pointer' | 'structs'
  readonly struct: string
}

const structs = new Map<string, readonly InternalField[]>()

/** The fields of an internal struct, in order. */
export function internalFields(struct: string): readonly InternalField[] {
  let fields = structs.get(struct)
  if (!fields) structs.set(struct, (fields = (lines[struct] ?? '').split(/\s+/).map(parseField)))
  return fields
}

function parseField(word: string): InternalField {
  const [names = '', type = ''] = word.split(':')
  const [name = '', key = name.charAt(0).toLowerCase() + name.slice(1)] = names.split('=')
  if (type.startsWith('*')) return { name, key, type: 'pointer', struct: type.slice(1) }
  if (type === '[]') return { name, key, type: 'list', struct: '' }
  if (type.startsWith('[]')) return { name, key, type: 'structs', struct: type.slice(2) }
  if (type === '') return { name, key, type: 'string', struct: '' }
  if (type === 'int' || type === 'bool' || type === 'value') return { name, key, type, struct: '' }
  return { name, key, type: 'struct', struct: type }
}
