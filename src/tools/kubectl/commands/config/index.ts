import { defineGroup } from '../../command.ts'
import { deleteCluster, deleteContext, deleteUser, renameContext, useContext } from './change.ts'
import { setProperty, unsetProperty } from './properties.ts'
import { setCluster, setContext, setCredentials } from './set-entries.ts'
import { currentContext, getClusters, getContexts, getUsers, view } from './show.ts'

export const config = defineGroup({
  use: 'config SUBCOMMAND',
  short: 'Modify kubeconfig files',
  commands: [
    ...[currentContext, deleteCluster, deleteContext, deleteUser, getClusters, getContexts, getUsers, renameContext],
    ...[setProperty, setCluster, setContext, setCredentials, unsetProperty, useContext, view],
  ],
})
