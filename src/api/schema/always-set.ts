/**
 * Fields that the schema calls optional (a user may leave them out) but that every object in the API server has, because
 * defaulting, admission or the registry fills them in. They are required in the generated interfaces. Fields with a
 * default in the schema need no entry. always-set.test.ts holds this list against what a real server answered.
 */
export const alwaysSet: Readonly<Record<string, readonly string[]>> = {
  'apiextensions.v1.CustomResourceDefinitionSpec': ['conversion'],
  'apps.v1.DaemonSetSpec': ['revisionHistoryLimit'],
  'apps.v1.DaemonSetUpdateStrategy': ['type'],
  'apps.v1.DeploymentSpec': ['progressDeadlineSeconds', 'replicas', 'revisionHistoryLimit'],
  'apps.v1.DeploymentStrategy': ['type'],
  'apps.v1.ReplicaSetSpec': ['replicas'],
  'apps.v1.RollingUpdateDaemonSet': ['maxSurge', 'maxUnavailable'],
  'apps.v1.RollingUpdateDeployment': ['maxSurge', 'maxUnavailable'],
  'apps.v1.RollingUpdateStatefulSetStrategy': ['partition'],
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': ['whenDeleted', 'whenScaled'],
  'apps.v1.StatefulSetSpec': [
    'persistentVolumeClaimRetentionPolicy',
    'podManagementPolicy',
    'replicas',
    'revisionHistoryLimit',
  ],
  'apps.v1.StatefulSetStatus': ['availableReplicas'],
  'apps.v1.StatefulSetUpdateStrategy': ['type'],
  'autoscaling.v1.HorizontalPodAutoscalerSpec': ['minReplicas'],
  'autoscaling.v2.HPAScalingRules': ['policies', 'selectPolicy'],
  'autoscaling.v2.HorizontalPodAutoscalerSpec': ['metrics', 'minReplicas'],
  'autoscaling.v2.HorizontalPodAutoscalerStatus': ['currentMetrics'],
  'batch.v1.CronJobSpec': ['concurrencyPolicy', 'failedJobsHistoryLimit', 'successfulJobsHistoryLimit', 'suspend'],
  'batch.v1.JobSpec': ['backoffLimit', 'completionMode', 'podReplacementPolicy', 'selector', 'suspend'],
  'core.v1.ConfigMapVolumeSource': ['defaultMode'],
  'core.v1.Container': ['image', 'imagePullPolicy', 'terminationMessagePath', 'terminationMessagePolicy'],
  'core.v1.EphemeralContainer': ['image', 'imagePullPolicy', 'terminationMessagePath', 'terminationMessagePolicy'],
  'core.v1.ExecAction': ['command'],
  'core.v1.GRPCAction': ['service'],
  'core.v1.HTTPGetAction': ['path', 'scheme'],
  'core.v1.HostPathVolumeSource': ['type'],
  'core.v1.NamespaceStatus': ['phase'],
  'core.v1.ObjectFieldSelector': ['apiVersion'],
  'core.v1.PersistentVolumeClaimSpec': ['accessModes', 'volumeMode'],
  'core.v1.PersistentVolumeClaimStatus': ['phase'],
  'core.v1.PersistentVolumeSpec': ['accessModes', 'capacity', 'persistentVolumeReclaimPolicy', 'volumeMode'],
  'core.v1.PersistentVolumeStatus': ['phase'],
  'core.v1.PodSpec': [
    'dnsPolicy',
    'restartPolicy',
    'schedulerName',
    'securityContext',
    'terminationGracePeriodSeconds',
  ],
  'core.v1.PodStatus': ['phase', 'qosClass'],
  'core.v1.Probe': ['failureThreshold', 'periodSeconds', 'successThreshold', 'timeoutSeconds'],
  'core.v1.ProjectedVolumeSource': ['defaultMode', 'sources'],
  'core.v1.ReplicationControllerSpec': ['replicas', 'template'],
  'core.v1.Secret': ['type'],
  'core.v1.SecretVolumeSource': ['defaultMode'],
  'core.v1.ServiceAccountTokenProjection': ['expirationSeconds'],
  'core.v1.ServicePort': ['targetPort'],
  'core.v1.ServiceSpec': ['sessionAffinity', 'type'],
  'networking.v1.NetworkPolicySpec': ['policyTypes'],
  'storage.v1.StorageClass': ['reclaimPolicy', 'volumeBindingMode'],
}

/** Types that stand inside a template with no defaults yet, and the fields of theirs that are set even so. */
export const undefaulted: Readonly<Record<string, string>> = {
  'batch.v1.JobTemplateSpec.spec': 'template',
}
