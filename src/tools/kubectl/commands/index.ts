import type { Command } from '../command.ts'
import { apiResources, apiVersions } from './api-resources.ts'
import { alpha } from './alpha.ts'
import { certificate } from './certificate.ts'
import { completion } from './completion.ts'
import { debug } from './debug/index.ts'
import { plugin } from './plugin.ts'
import { proxy } from './proxy.ts'
import { kustomize } from './kustomize.ts'
import { apply } from './apply/index.ts'
import { attach } from './attach.ts'
import { cp } from './cp.ts'
import { portForward } from './port-forward.ts'
import { options } from './options.ts'
import { auth } from './auth/index.ts'
import { autoscale } from './autoscale.ts'
import { clusterInfo } from './cluster-info.ts'
import { config } from './config/index.ts'
import { cordon, uncordon } from './cordon.ts'
import { create } from './create/index.ts'
import { deleteCommand } from './delete.ts'
import { describe } from './describe.ts'
import { diff } from './diff.ts'
import { drain } from './drain.ts'
import { edit } from './edit.ts'
import { events } from './events.ts'
import { exec } from './exec.ts'
import { explain } from './explain.ts'
import { expose } from './expose.ts'
import { get } from './get.ts'
import { help } from './help.ts'
import { annotate, label } from './label.ts'
import { logs } from './logs.ts'
import { patch } from './patch.ts'
import { replace } from './replace.ts'
import { rollout } from './rollout/index.ts'
import { run } from './run.ts'
import { scale } from './scale.ts'
import { set } from './set/index.ts'
import { taint } from './taint.ts'
import { top } from './top.ts'
import { version } from './version.ts'
import { wait } from './wait.ts'

/** Every verb, in the order of kubectl's own help. */
export const commands: readonly Command[] = [
  create,
  expose,
  run,
  set,
  get,
  help,
  edit,
  deleteCommand,
  rollout,
  scale,
  autoscale,
  clusterInfo,
  cordon,
  uncordon,
  drain,
  top,
  taint,
  describe,
  logs,
  exec,
  attach,
  portForward,
  cp,
  auth,
  events,
  diff,
  apply,
  patch,
  replace,
  wait,
  label,
  annotate,
  explain,
  apiResources,
  apiVersions,
  config,
  version,
  options,
  certificate,
  proxy,
  debug,
  kustomize,
  plugin,
  completion,
  alpha,
]
