import type { UserInfo } from '../machinery/rest.ts'
import type { ControllerDefinition } from './controller.ts'

const everybody = ['system:authenticated']
const accountPrefix = 'system:serviceaccount:kube-system:'
const accountGroups = ['system:serviceaccounts', 'system:serviceaccounts:kube-system', ...everybody]

/** Every controller has a service account of its own (use-service-account-credentials, as kubeadm sets it). */
export function accountOf({ name, serviceAccount = name }: ControllerDefinition): string {
  return accountPrefix + serviceAccount
}

/** Who a client of this name is, with the groups that authentication gives it. */
export function userNamed(name: string): UserInfo {
  return { name, groups: name.startsWith(accountPrefix) ? accountGroups : everybody }
}
