import { createDocs } from '../machinery/docs.ts'
import data from './generated/docs.ts'

/** Documentation of every built-in type and field: large, so the page loads this module only when somebody asks. */
export const docs = createDocs(data)
