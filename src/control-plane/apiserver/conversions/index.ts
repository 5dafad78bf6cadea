import type { Conversion } from '../resources.ts'
import { autoscalerConversion } from './autoscalers.ts'
import { eventConversion } from './events.ts'

/** Versions that are not stored as they are. */
export const conversions: readonly Conversion[] = [eventConversion, autoscalerConversion]
