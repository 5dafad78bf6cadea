import type { HelpTexts } from './help-texts.ts'

export const configTexts: HelpTexts = {
  'kubectl config': {
    long: `Modify kubeconfig files using subcommands like "kubectl config set current-context my-context".

 The loading order follows these rules:

  1.  If the --kubeconfig flag is set, then only that file is loaded. The flag may only be set once and no merging takes place.
  2.  If $KUBECONFIG environment variable is set, then it is used as a list of paths (normal path delimiting rules for your system). These paths are merged. When a value is modified, it is modified in the file that defines the stanza. When a value is created, it is created in the first file that exists. If no files in the chain exist, then it creates the last file in the list.
  3.  Otherwise, \${HOME}/.kube/config is used and no merging takes place.`,
  },
  'kubectl config current-context': {
    long: `Display the current-context.`,
    examples: `
# Display the current-context
kubectl config current-context`,
  },
  'kubectl config delete-cluster': {
    long: `Delete the specified cluster from the kubeconfig.`,
    examples: `
# Delete the minikube cluster
kubectl config delete-cluster minikube`,
  },
  'kubectl config delete-context': {
    long: `Delete the specified context from the kubeconfig.`,
    examples: `
# Delete the context for the minikube cluster
kubectl config delete-context minikube`,
  },
  'kubectl config delete-user': {
    long: `Delete the specified user from the kubeconfig.`,
    examples: `
# Delete the minikube user
kubectl config delete-user minikube`,
  },
  'kubectl config get-clusters': {
    long: `Display clusters defined in the kubeconfig.`,
    examples: `
# List the clusters that kubectl knows about
kubectl config get-clusters`,
  },
  'kubectl config get-contexts': {
    long: `Display one or many contexts from the kubeconfig file.`,
    examples: `
# List all the contexts in your kubeconfig file
kubectl config get-contexts

# Describe one context in your kubeconfig file
kubectl config get-contexts my-context`,
  },
  'kubectl config get-users': {
    long: `Display users defined in the kubeconfig.`,
    examples: `
# List the users that kubectl knows about
kubectl config get-users`,
  },
  'kubectl config rename-context': {
    long: `Renames a context from the kubeconfig file.

 CONTEXT_NAME is the context name that you want to change.

 NEW_NAME is the new name you want to set.

 Note: If the context being renamed is the 'current-context', this field will also be updated.`,
    examples: `
# Rename the context 'old-name' to 'new-name' in your kubeconfig file
kubectl config rename-context old-name new-name`,
  },
}
