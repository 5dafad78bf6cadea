import type { HelpTexts } from './help-texts.ts'

export const rolloutTexts: HelpTexts = {
  'kubectl rollout': {
    long: `Manage the rollout of one or many resources.
        
 Valid resource types include:

  *  deployments
  *  daemonsets
  *  statefulsets`,
    examples: `
# Rollback to the previous deployment
kubectl rollout undo deployment/abc

# Check the rollout status of a daemonset
kubectl rollout status daemonset/foo

# Restart a deployment
kubectl rollout restart deployment/abc

# Restart deployments with the 'app=nginx' label
kubectl rollout restart deployment --selector=app=nginx`,
  },
  'kubectl rollout history': {
    long: `View previous rollout revisions and configurations.`,
    examples: `
# View the rollout history of a deployment
kubectl rollout history deployment/abc

# View the details of daemonset revision 3
kubectl rollout history daemonset/abc --revision=3`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
  'kubectl rollout pause': {
    long: `Mark the provided resource as paused.

 Paused resources will not be reconciled by a controller. Use "kubectl rollout resume" to resume a paused resource. Currently only deployments support being paused.`,
    examples: `
# Mark the nginx deployment as paused
# Any current state of the deployment will continue its function; new updates
# to the deployment will not have an effect as long as the deployment is paused
kubectl rollout pause deployment/nginx`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
  'kubectl rollout restart': {
    long: `Restart a resource.

        Resource rollout will be restarted.`,
    examples: `
# Restart all deployments in the test-namespace namespace
kubectl rollout restart deployment -n test-namespace

# Restart a deployment
kubectl rollout restart deployment/nginx

# Restart a daemon set
kubectl rollout restart daemonset/abc

# Restart deployments with the app=nginx label
kubectl rollout restart deployment --selector=app=nginx`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
  'kubectl rollout resume': {
    long: `Resume a paused resource.

 Paused resources will not be reconciled by a controller. By resuming a resource, we allow it to be reconciled again. Currently only deployments support being resumed.`,
    examples: `
# Resume an already paused deployment
kubectl rollout resume deployment/nginx`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
  'kubectl rollout status': {
    long: `Show the status of the rollout.

 By default 'rollout status' will watch the status of the latest rollout until it's done. If you don't want to wait for the rollout to finish then you can use --watch=false. Note that if a new rollout starts in-between, then 'rollout status' will continue watching the latest revision. If you want to pin to a specific revision and abort if it is rolled over by another revision, use --revision=N where N is the revision you need to watch for.`,
    examples: `
# Watch the rollout status of a deployment
kubectl rollout status deployment/nginx`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
  'kubectl rollout undo': {
    long: `Roll back to a previous rollout.`,
    examples: `
# Roll back to the previous deployment
kubectl rollout undo deployment/abc

# Roll back to daemonset revision 3
kubectl rollout undo daemonset/abc --to-revision=3

# Roll back to the previous deployment with dry-run
kubectl rollout undo --dry-run=server deployment/abc`,
    usages: {
      filename: 'Filename, directory, or URL to files identifying the resource to get from a server.',
    },
  },
}
