/**
 * Fields that the schema calls optional (a user may leave them out) but that every object in the API server has, because
 * defaulting or admission fills them in. They are required in the generated interfaces. Checked against the recordings
 * of golden/api/create by always-set.test.ts.
 */
export const alwaysSet: Readonly<Record<string, readonly string[]>> = {
  'apps.v1.DeploymentSpec': ['replicas', 'strategy', 'revisionHistoryLimit', 'progressDeadlineSeconds'],
  'apps.v1.DeploymentStrategy': ['type'],
  'apps.v1.ReplicaSetSpec': ['replicas', 'template'],
  'core.v1.Container': ['imagePullPolicy', 'terminationMessagePath', 'terminationMessagePolicy', 'resources'],
  'core.v1.ContainerPort': ['protocol'],
  'core.v1.PodSpec': [
    'restartPolicy',
    'dnsPolicy',
    'schedulerName',
    'terminationGracePeriodSeconds',
    'securityContext',
  ],
  'core.v1.PodStatus': ['phase', 'qosClass'],
  'core.v1.PodTemplateSpec': ['metadata', 'spec'],
  'core.v1.Probe': ['timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'],
  'core.v1.ServicePort': ['protocol', 'targetPort'],
  'core.v1.ServiceSpec': ['type', 'sessionAffinity'],
}
