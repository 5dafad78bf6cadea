import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { SessionRecord } from '../../protocol/messages.ts'

interface Schema extends DBSchema {
  sessions: { key: string; value: SessionRecord }
}

let database: Promise<IDBPDatabase<Schema>> | undefined

function open(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>('podscape', 1, {
    upgrade: db => {
      db.createObjectStore('sessions')
    },
  })
  return database
}

/** Keeps the record of the open session. Rejects where the browser forbids storage. */
export async function keepRecord(record: SessionRecord): Promise<void> {
  await (await open()).put('sessions', record, 'current')
}

/** The record that was kept last, if any. */
export async function keptRecord(): Promise<SessionRecord | undefined> {
  return (await open()).get('sessions', 'current')
}
