// What one durable commit costs on the disk that the gateway writes to: SQLite with WAL and FULL, one row each.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { percentile } from '../statistics.ts';
import { serveTasks, sharedMs, type Parameters } from '../worker-tasks.ts';

const database = new Database(join(process.argv[2]!, 'commit-probe.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT');
const insert = database.prepare('INSERT INTO row (body) VALUES (?)');
const BODY = 'x'.repeat(500);

await serveTasks({
  commit: ({ count = 200 }: Parameters) => {
    const times: number[] = [];
    for (let done = 0; done < count; done += 1) {
      const start = sharedMs();
      insert.run(BODY);
      times.push((sharedMs() - start) * 1000);
    }
    return Promise.resolve({ p50: percentile(times, 50) });
  },
});
