/**
 * Steps of the recorded sessions (kubectl v1.36.2) in which an older kubectl, a later day or chance shows, by session and
 * reason; `differences.ts` says the rest.
 */
export const knownDeviations: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  auth: {
    'the recorded kubectl falls over its own feet: a panic of its process': [43, 44, 45],
  },
  'cordon-drain': {
    'Go gathers the groups of Pods in a map, in any order': [11, 13, 15, 16],
  },
  delete: {
    'since 1.35 the answer that counts if there is none is a capital N': [39, 40],
  },
  'diff-patch-replace-edit': {
    'the status may change between the two looks at the object': [8],
    'since 1.35 it says from which namespace something is deleted': [38],
  },
  discovery: {
    'since 1.35 api-resources prints -o yaml': [11],
  },
  'expose-scale-autoscale': {
    'since 1.36 the refusal is not wrapped: no objects passed to scale …': [30, 36],
    'since 1.35 autoscale makes autoscaling/v2 and knows --cpu and --memory': [42, 43, 44, 49],
  },
  'first-steps': {
    'it says its own version': [0],
    'since 1.35 --cpu-percent is deprecated': [28],
  },
  'label-annotate-taint': {
    'Go prints a map, in any order': [36],
  },
  'misc-errors': {
    'it says its own version': [0, 1, 2, 3],
    'since 1.36 there is --as-user-extra': [7],
    'since 1.35 it says which containers there are': [16, 30, 56],
    'the recorded kubectl does not take the refusal of a connection for a Status': [31],
    'since 1.36 attach warns that sessions are recorded': [55],
    'the legacy profile of debug was deprecated, and is gone since 1.36': [58, 60, 61, 63],
    'the kubelets of the sessions write no Events': [73],
  },
  wait: {
    'a watch that ends within its second is noted in the log': [12],
    'since 1.36 --for takes several conditions': [20],
  },
  'world-lab': {
    'the recorded object has managedFields, which the state leaves out': [43, 44],
    'since Go 1.25 the message says which types cannot be compared': [58],
    'since 1.34 there is KYAML': [68, 102],
    'the server is at another revision': [148],
    'describe counts ages from today': [180, 183, 184, 185],
    'since 1.36 several objects are described without their Events': [187, 236, 241],
    'the recording holds the clock of another machine': [206, 207],
    'Go prints a map, in any order': [210, 211, 212, 213, 226, 227],
  },
}
