import { defineGroup } from '../../command.ts'
import { canI } from './can-i.ts'
import { whoami } from './whoami.ts'

export const auth = defineGroup({
  use: 'auth',
  short: 'Inspect authorization',
  commands: [canI, whoami],
})
