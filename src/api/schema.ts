import { createSchema } from '../machinery/schema.ts'
import data from './generated/schema.ts'

/** The schema of every kind that the API server has built in. */
export const schema = createSchema(data)
