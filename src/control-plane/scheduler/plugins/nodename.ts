import { definePlugin, fits, unresolvable } from '../framework.ts'

/** Holds a Pod to the node it names. Models plugins/nodename/node_name.go. */
export const nodeName = definePlugin({
  name: 'NodeName',
  requeueOn: ['Node/Add'],

  sign: ({ pod }) => pod.spec.nodeName,

  filter({ pod }, { name }) {
    const wanted = pod.spec.nodeName
    return !wanted || wanted === name ? fits : unresolvable("node(s) didn't match the requested node name", { wanted })
  },
})
