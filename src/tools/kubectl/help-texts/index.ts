import type { HelpTexts } from './help-texts.ts'
import { applyTexts } from './apply.ts'
import { changingTexts } from './changing.ts'
import { checkingTexts } from './checking.ts'
import { configTexts } from './config.ts'
import { configSetTexts } from './config-set.ts'
import { createTexts } from './create.ts'
import { createMoreTexts } from './create-more.ts'
import { createRestTexts } from './create-rest.ts'
import { createSecretTexts } from './create-secret.ts'
import { createServiceTexts } from './create-service.ts'
import { makingTexts } from './making.ts'
import { nodesTexts } from './nodes.ts'
import { reachingTexts } from './reaching.ts'
import { readingTexts } from './reading.ts'
import { rolloutTexts } from './rollout.ts'
import { runningTexts } from './running.ts'
import { scalingTexts } from './scaling.ts'
import { setTexts } from './set.ts'
import { setMoreTexts } from './set-more.ts'
import { settingsTexts } from './settings.ts'
import { watchingTexts } from './watching.ts'

/** What help says of every command, by its path. */
export const helpTexts: HelpTexts = {
  ...applyTexts,
  ...changingTexts,
  ...checkingTexts,
  ...configTexts,
  ...configSetTexts,
  ...createTexts,
  ...createMoreTexts,
  ...createRestTexts,
  ...createSecretTexts,
  ...createServiceTexts,
  ...makingTexts,
  ...nodesTexts,
  ...reachingTexts,
  ...readingTexts,
  ...rolloutTexts,
  ...runningTexts,
  ...scalingTexts,
  ...setTexts,
  ...setMoreTexts,
  ...settingsTexts,
  ...watchingTexts,
}
