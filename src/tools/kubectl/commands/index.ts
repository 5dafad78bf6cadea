import type { Command } from '../command.ts'
import { apply } from './apply/index.ts'
import { autoscale } from './autoscale.ts'
import { cordon, uncordon } from './cordon.ts'
import { create } from './create/index.ts'
import { deleteCommand } from './delete.ts'
import { describe } from './describe.ts'
import { diff } from './diff.ts'
import { edit } from './edit.ts'
import { events } from './events.ts'
import { expose } from './expose.ts'
import { get } from './get.ts'
import { annotate, label } from './label.ts'
import { patch } from './patch.ts'
import { replace } from './replace.ts'
import { rollout } from './rollout/index.ts'
import { run } from './run.ts'
import { scale } from './scale.ts'
import { set } from './set/index.ts'
import { taint } from './taint.ts'

/** Every verb. */
export const commands: readonly Command[] = [
  create,
  get,
  deleteCommand,
  rollout,
  set,
  scale,
  apply,
  label,
  annotate,
  autoscale,
  cordon,
  uncordon,
  describe,
  diff,
  edit,
  events,
  expose,
  patch,
  replace,
  run,
  taint,
]
